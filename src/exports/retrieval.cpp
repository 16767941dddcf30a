#include "retrieval.h"

namespace film::exports {
namespace {

fs::path relevance_path(Split split) {
  return fs::path("qrels") / ((split == Split::validation ? "dev" : name_of(split)) + ".tsv");
}

std::string segment_id(std::uint32_t segment) { return "s" + std::to_string(segment); }

}  // namespace

RetrievalWriter::RetrievalWriter(const fs::path& out)
    : out_(out), corpus_(out / "corpus.jsonl"), queries_(out / "queries.jsonl") {
  make_folder(out / "qrels");
}

AtomicFile& RetrievalWriter::relevance(Split split) {
  std::unique_ptr<AtomicFile>& file = relevance_[static_cast<std::size_t>(split)];
  if (!file) {
    file = std::make_unique<AtomicFile>(out_ / relevance_path(split));
    file->write("query-id\tcorpus-id\tscore\n");
  }
  return *file;
}

bool RetrievalWriter::add(const AskedQuestion& asked) {
  if (asked.question.evidence.empty()) return false;
  for (std::size_t i = 0; i < asked.segments.size(); ++i)
    if (const std::uint32_t segment = asked.context.segments[i]; written_.insert(segment).second)
      corpus_.write(to_line(Json{{"_id", segment_id(segment)}, {"title", ""}, {"text", asked.segments[i]}}) +
                    '\n');
  queries_.write(to_line(Json{{"_id", asked.id}, {"text", asked.question.question}}) + '\n');
  for (const std::uint32_t position : asked.question.evidence)
    relevance(asked.example.split)
        .write(asked.id + "\t" + segment_id(asked.context.segments.at(position)) + "\t1\n");
  return true;
}

std::vector<fs::path> RetrievalWriter::finish() {
  std::vector<fs::path> files = {"corpus.jsonl", "queries.jsonl"};
  corpus_.commit();
  queries_.commit();
  for (const Split split : kSplits)
    if (auto& file = relevance_[static_cast<std::size_t>(split)]) {
      file->commit();
      files.push_back(relevance_path(split));
    }
  return files;
}

}  // namespace film::exports

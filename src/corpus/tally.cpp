#include "tally.h"

#include <algorithm>

#include "film/base/parallel.h"
#include "film/base/signals.h"

namespace film::corpus {
namespace {

constexpr std::size_t kNamedRejects = 20;

std::string where(const CorpusReject& reject, const std::vector<CorpusFile>& files) {
  const std::string& name = files[reject.file].name;
  return reject.line == 0 ? name : name + ":" + std::to_string(reject.line);
}

// How many values are one token where they stand, behind a space.
std::uint64_t one_token_values(const RecordSettings& records, const text::Tokenizer& tokenizer) {
  std::uint64_t count = 0;
  for (const RecordAttribute& attribute : records.attributes)
    for (const std::string& value : attribute.values)
      count += tokenizer.encode_continuation(" " + value).size() == 1 ? 1 : 0;
  return count;
}

Json record_facts(const RecordSettings& records, const text::Tokenizer& tokenizer,
                  const std::map<std::string, std::uint64_t>& planted) {
  std::size_t values = 0;
  for (const RecordAttribute& attribute : records.attributes) values += attribute.values.size();
  return {{"sentence", records.sentence},
          {"question", records.question},
          {"attributes", records.attributes.size()},
          {"values", values},
          {"one_token_values", one_token_values(records, tokenizer)},
          {"planted", planted}};
}

}  // namespace

CorpusTally::CorpusTally(const std::vector<CorpusFile>& files) : files_(files), by_file_(files.size()) {}

void CorpusTally::count(std::size_t file, const StoredDocument& stored) {
  Counts& counts = splits_[static_cast<std::size_t>(stored.split)];
  ++counts.documents;
  ++by_file_[file].documents;
  counts.segments += stored.segments.size();
  for (const Segment& segment : stored.segments) {
    const auto tokens = static_cast<std::uint32_t>(segment.tokens.size());
    counts.tokens += tokens;
    longest_ = std::max(longest_, tokens);
    shortest_ = std::min(shortest_, tokens);
  }
  for (const auto& record : stored.planted) {
    if (!record) continue;
    ++counts.planted;
    ++values_[record->attribute];
  }
}

void CorpusTally::count(const CorpusReject& reject) {
  ++reasons_[reject.reason];
  ++by_file_[reject.file].rejected;
  if (examples_.size() < kNamedRejects) examples_.push_back(where(reject, files_) + ": " + reject.reason);
}

std::string CorpusTally::advice() const {
  if (reasons_.empty()) return "all files are empty";
  std::string text = "every item was rejected (";
  for (const auto& [reason, count] : reasons_)
    text += (text.back() == '(' ? "" : ", ") + reason + " " + std::to_string(count);
  text += "), the first at " + examples_.front();
  if (reasons_.contains("no_text_field"))
    text += "; name the field that holds the text: --set text_field=NAME";
  return text;
}

fs::path CorpusTally::write_sources(const fs::path& data, int threads) const {
  const fs::path path = fs::path("documents") / "sources.jsonl";
  AtomicFile file(data / path);
  const auto hash = [&](std::size_t i) { return sha256_file(files_[i].path); };
  parallel_in_order(files_.size(), threads, hash, [&](std::size_t i, const std::string& sha) {
    throw_if_stopped("the segment store is not finished");
    file.write(to_line(Json{{"source", files_[i].name},
                            {"bytes", files_[i].bytes},
                            {"sha256", sha},
                            {"documents", by_file_[i].documents},
                            {"rejected", by_file_[i].rejected}}) +
               '\n');
  });
  file.commit();
  return path;
}

Json CorpusTally::Counts::json() const {
  return {{"documents", documents}, {"segments", segments}, {"tokens", tokens}, {"planted", planted}};
}

Json CorpusTally::facts(const CorpusSettings& settings, const text::Tokenizer& tokenizer) const {
  Counts all;
  Json by_split = Json::object();
  for (std::size_t i = 0; i < kSplits; ++i) {
    const Counts& counts = splits_[i];
    all.documents += counts.documents;
    all.segments += counts.segments;
    all.tokens += counts.tokens;
    all.planted += counts.planted;
    by_split[to_text(static_cast<Split>(i))] = counts.json();
  }
  std::uint64_t bytes = 0;
  for (const CorpusFile& file : files_) bytes += file.bytes;
  Json corpus = {{"files", files_.size()}, {"bytes", bytes}};
  corpus.update(all.json());
  corpus["segment_tokens"] = {{"at_least", settings.segment.tokens},
                              {"mean", static_cast<double>(all.tokens) / static_cast<double>(all.segments)},
                              {"shortest", shortest_},
                              {"longest", longest_}};
  corpus["by_split"] = by_split;
  corpus["rejected"] = reasons_;
  corpus["rejected_examples"] = examples_;
  Json facts = {{"tokenizer",
                 {{"sha256", tokenizer.sha256()},
                  {"pieces", tokenizer.vocab_size()},
                  {"newline", tokenizer.encode_continuation("\n")}}},
                {"token_bytes", stored_token_bytes(tokenizer.vocab_size())},
                {"corpus", corpus}};
  if (settings.records.on()) facts["records"] = record_facts(settings.records, tokenizer, values_);
  return facts;
}

}  // namespace film::corpus

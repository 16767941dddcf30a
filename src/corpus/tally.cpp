#include "tally.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/signals.h"
#include "film/corpus/store.h"

namespace film::corpus {
namespace {

// How many values are one token behind a space, as in the sentence.
std::uint64_t one_token_values(const NeedleSettings& needles, const text::Tokenizer& tokenizer) {
  std::uint64_t count = 0;
  for (const NeedleAttribute& attribute : needles.attributes)
    for (const std::string& value : attribute.values)
      count += tokenizer.encode_continuation(" " + value).size() == 1 ? 1 : 0;
  return count;
}

NeedleFacts needle_facts(const NeedleSettings& needles, const text::Tokenizer& tokenizer,
                         const std::map<std::string, std::uint64_t>& planted) {
  NeedleFacts facts{
      needles.sentence, needles.question, needles.attributes.size(), 0, one_token_values(needles, tokenizer),
      planted};
  for (const NeedleAttribute& attribute : needles.attributes) facts.values += attribute.values.size();
  return facts;
}

void add(CorpusCounts& sum, const CorpusCounts& counts) {
  sum.documents += counts.documents;
  sum.segments += counts.segments;
  sum.tokens += counts.tokens;
  sum.planted += counts.planted;
}

// What is odd about documents that were taken; only what lost some of their text is a warning.
void tell_note(const std::string& reason, std::uint64_t documents) {
  using enum sources::RowNote;
  const std::string count = "inputs: in " + counted(documents, "document") + " ";
  const auto is = [&](sources::RowNote note) { return reason == name_of(note); };
  if (reason == kSpaceMarkNote) warn(count + "U+2581 comes back as a space");
  if (is(half_surrogate)) warn(count + "halves of surrogate pairs became U+FFFD");
  if (is(lost_part)) warn(count + "damaged chapters or tables of contents are left out");
  if (is(footnotes_left_out)) info(count + "footnotes are left out");
  if (is(no_break_blank)) info(count + "no-break blanks became blanks");
  if (is(soft_hyphen)) info(count + "soft hyphens are left out");
  if (is(guessed_hyphen)) info(count + "words that lines part, and that occur nowhere else, were joined");
  if (is(lax_json)) info(count + "the row is not valid JSON, but what is read of it is");
}

// "2 near_duplicate, 1 contaminated documents"
std::string left_out_text(const std::map<std::string, std::uint64_t>& left_out) {
  std::string text;
  for (const auto& [reason, count] : left_out)
    text += (text.empty() ? "" : ", ") + grouped(count) + " " + reason;
  return text + " documents";
}

}  // namespace

CorpusTally::CorpusTally(const std::vector<sources::SourceFile>& files)
    : files_(files), by_file_(files.size()) {}

void CorpusTally::count(std::size_t file, const StoredDocument& stored) {
  CorpusCounts& counts = splits_[stored.info.split];
  ++counts.documents;
  ++by_file_[file].documents;
  counts.segments += stored.rows.size();
  for (const SegmentRow& row : stored.rows) {
    counts.tokens += row.tokens;
    longest_ = std::max(longest_, row.tokens);
    shortest_ = std::min(shortest_, row.tokens);
  }
  cuts_.at_sentences += stored.cuts.at_sentences;
  cuts_.inside += stored.cuts.inside;
  for (const auto& needle : stored.needles) {
    if (!needle) continue;
    ++counts.planted;
    ++values_[needle->attribute];
  }
}

void CorpusTally::count(const RejectedRow& row) {
  ++by_file_[row.file].rejected;
  if (rejects_.empty())
    first_reject_ = row.where + ": " + row.reason + (row.detail.empty() ? "" : ": " + row.detail);
  else if (!row.detail.empty() && !rejects_.by_reason().contains(row.reason))
    further_.push_back(row.reason + " at " + row.where + ": " + row.detail);
  rejects_.count(row.reason, row.where);
}

void CorpusTally::leave_out(const RejectedRow& row) {
  ++by_file_[row.file].rejected;
  ++left_out_[row.reason];
}

void CorpusTally::note(const std::string& reason, std::uint64_t documents) { noted_[reason] += documents; }

void CorpusTally::recount(const CorpusIndex& index) {
  splits_ = {};
  for (std::size_t d = 0; d < index.documents(); ++d) {
    CorpusCounts& counts = splits_[index.split[d]];
    ++counts.documents;
    for (std::uint64_t s = index.first_segment[d]; s < index.first_segment[d + 1]; ++s) {
      ++counts.segments;
      counts.tokens += index.tokens[s];
      counts.planted += index.attribute_of(s) != 0 ? 1 : 0;
    }
  }
}

void CorpusTally::tell() const {
  const std::map<std::string, std::uint64_t>& reasons = rejects_.by_reason();
  const bool blank_lines = reasons.size() == 1 && reasons.contains("empty");
  if (!rejects_.empty() && !blank_lines)
    warn("inputs: " + std::to_string(rejects_.total()) + " rows or files are no documents (" +
         rejects_.text() + "), the first at " + first_reject_);
  if (!left_out_.empty())
    info("inputs: left out are " + left_out_text(left_out_) + " (documents/rejected.jsonl)");
  for (const auto& [reason, count] : noted_) tell_note(reason, count);
  if (cuts_.at_sentences + cuts_.inside > 0)
    info("segments: lines were cut " + counted(cuts_.at_sentences, "time") +
         " at the end of a sentence and " + counted(cuts_.inside, "time") +
         " inside one (setting segment.max_tokens)");
}

void CorpusTally::require_few_rejected(double most) const {
  const auto blank = rejects_.by_reason().find("empty");
  const std::uint64_t odd = rejects_.total() - (blank == rejects_.by_reason().end() ? 0 : blank->second);
  std::uint64_t rows = odd;
  for (const FileCounts& file : by_file_) rows += file.documents;
  if (static_cast<double>(odd) <= most * static_cast<double>(rows)) return;
  throw bad_data("of " + grouped(rows) + " rows and files " + grouped(odd) + " are no documents (" +
                     rejects_.text() + "), the first at " + first_reject_,
                 "mend the corpus, or take it as it is: --set max_rejected=1");
}

std::string CorpusTally::advice() const {
  if (rejects_.empty() && !left_out_.empty()) return "left out are " + left_out_text(left_out_);
  if (rejects_.empty()) return "all files are empty";
  std::string text = "every item was rejected (" + rejects_.text() + "), the first at " + first_reject_;
  for (const std::string& first_of_reason : further_) text += "; " + first_of_reason;
  if (rejects_.by_reason().contains("no_text_field"))
    text += "; name the field that holds the text: --set text_field=NAME";
  return text;
}

fs::path CorpusTally::write_sources(const fs::path& data, SourceHashes& hashes, int threads) const {
  const fs::path path = fs::path("documents") / "sources.jsonl";
  AtomicFile file(data / path);
  const auto hash = [&](std::size_t i) { return hashes.of(i); };
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

CorpusFacts CorpusTally::corpus_facts(const CorpusSettings& settings) const {
  CorpusFacts facts;
  facts.files = files_.size();
  facts.by_split = splits_;
  for (const sources::SourceFile& file : files_) facts.bytes += file.bytes;
  for (const Split split : kSplits) add(facts.all, facts.by_split[split]);
  facts.segment_tokens = {settings.segment.tokens,
                          static_cast<double>(facts.all.tokens) / static_cast<double>(facts.all.segments),
                          shortest_,
                          longest_,
                          {},
                          {}};
  if (cuts_.at_sentences + cuts_.inside > 0) {
    facts.segment_tokens.at_most = settings.segment.limits().max_tokens;
    facts.segment_tokens.cuts = cuts_;
  }
  facts.rejected = rejects_.by_reason();
  facts.rejected_examples = rejects_.examples();
  if (!noted_.empty()) facts.noted = noted_;
  if (!left_out_.empty()) facts.left_out = left_out_;
  return facts;
}

void CorpusTally::set_facts(const CorpusSettings& settings, const text::Tokenizer& tokenizer,
                            SynthFacts& facts) const {
  facts.tokenizer = {tokenizer.sha256(), tokenizer.vocab_size(), tokenizer.encode_continuation("\n")};
  facts.token_bytes = stored_token_bytes(tokenizer.vocab_size());
  facts.corpus = corpus_facts(settings);
  if (settings.needles.on()) facts.needles = needle_facts(settings.needles, tokenizer, values_);
}

}  // namespace film::corpus

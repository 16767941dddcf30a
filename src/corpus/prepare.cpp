#include "prepare.h"

#include <algorithm>
#include <iterator>

#include "cut.h"
#include "film/corpus/build.h"

namespace film::corpus {
namespace {

// FNV-1a over ids instead of bytes, folded to 32 bits.
std::uint32_t hash_of(std::span<const text::TokenId> tokens) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const text::TokenId id : tokens) hash = (hash ^ static_cast<std::uint32_t>(id)) * 0x100000001b3u;
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

std::vector<std::uint64_t> keys_of(const std::vector<Document>& documents) {
  std::vector<std::string_view> texts;
  for (const Document& document : documents) texts.push_back(document.text);
  return document_keys(texts);
}

}  // namespace

Preparer::Preparer(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                   const text::Tokenizer& tokenizer, std::uint64_t seed, bool cut,
                   const cleaning::EvaluationTexts* evaluation, const Stretch& stretch)
    : files_(files),
      settings_(settings),
      cut_(cut),
      tokenizer_(tokenizer),
      newline_(tokenizer.encode_continuation("\n")),
      token_bytes_(stored_token_bytes(tokenizer.vocab_size())),
      planter_(settings.needles, seed),
      seed_(seed),
      evaluation_(evaluation),
      stretch_(stretch),
      reader_(files),
      hashes_(files) {}

PreparedBatch Preparer::prepare(std::size_t number) {
  PreparedBatch batch;
  const std::unique_ptr<sources::Batch> raw = reader_.pull(number);
  batch.last = raw == nullptr || raw->before >= stretch_.end;
  if (batch.last) return batch;
  hashes_.follow(raw->bytes);
  batch.bytes = raw->bytes;
  if (raw->before < stretch_.begin) return batch;
  Documents read = read_documents(*raw, files_, settings_);
  const std::vector<std::uint64_t> keys = keys_of(read.documents);
  for (std::size_t i = 0; i < read.documents.size(); ++i)
    batch.texts.push_back(
        prepare_text(std::move(read.documents[i]), keys[i], read.rows[i], read.files[i], batch));
  std::ranges::move(read.rejected, std::back_inserter(batch.odd));
  std::ranges::stable_sort(batch.odd, {}, &RejectedRow::row);
  batch.noted = std::move(read.noted);
  return batch;
}

PreparedText Preparer::prepare_text(Document document, std::uint64_t key, std::size_t row, std::size_t file,
                                    PreparedBatch& batch) const {
  PreparedText text;
  text.row = row;
  text.file = file;
  text.line = document.line;
  text.fingerprint = cleaning::fingerprint(document.text, key, settings_.duplicates.near > 0);
  if (cut_)
    add_parts(document, text, batch);
  else
    add_document(std::move(document), key, text, batch);
  return text;
}

void Preparer::add_parts(const Document& document, PreparedText& text, PreparedBatch& batch) const {
  bool whole = false;  // the part before is there
  for (DocumentPart& part : cut_document(document.text, tokenizer_, settings_.cut)) {
    const std::uint64_t line = document.line == 0 && part.line > 0 ? part.line + 1 : document.line;
    const std::uint64_t key = document_key(part.text);
    const bool added = add_document(
        {std::move(part.text), document.source, line, part.heading.empty() ? document.title : part.heading},
        key, text, batch);
    if (added) text.documents.back().stored.continues = whole;
    whole = added;
  }
}

// False if it is left out: it shares words with an evaluation text.
bool Preparer::add_document(Document document, std::uint64_t key, PreparedText& text,
                            PreparedBatch& batch) const {
  if (evaluation_ != nullptr)
    if (const auto overlap = evaluation_->overlap(document.text)) {
      batch.odd.push_back({text.file, sources::where(document.source, document.line), "contaminated",
                           overlap->where + ": \"" + overlap->words + "\"", text.row, true});
      return false;
    }
  PreparedDocument prepared;
  prepared.key = key;
  prepared.stored.info = {0,  // numbered when it is stored
                          std::move(document.source),
                          document.line,
                          std::move(document.title),
                          split_of(key, settings_.split, seed_),
                          0};
  const text::SegmentLimits limits = settings_.segment.limits();
  document.text = text::cut_long_lines(std::move(document.text), tokenizer_, limits, prepared.stored.cuts);
  const text::SegmentedText segmented =
      text::segment_text(document.text, tokenizer_, newline_, limits.min_tokens, limits.max_tokens);
  for (const text::Segment& segment : segmented.segments) store(segment, prepared);
  prepared.stored.finish();
  text.documents.push_back(std::move(prepared));
  return true;
}

void Preparer::store(const text::Segment& segment, PreparedDocument& prepared) const {
  prepared.hashes.push_back(hash_of(segment.tokens));
  if (settings_.needles.on())
    plant(segment, prepared);
  else
    prepared.stored.add(segment.tokens, segment.line, token_bytes_);
}

// Stores the segment, with a needle in it or without one.
void Preparer::plant(const text::Segment& segment, PreparedDocument& prepared) const {
  StoredDocument& stored = prepared.stored;
  std::optional<Planting> planting = planter_.plant(segment.text, prepared.key, stored.rows.size());
  prepared.attributes.push_back(planting ? static_cast<std::uint16_t>(planting->attribute + 1) : 0);
  stored.needles.push_back(planting ? std::optional(std::move(planting->needle)) : std::nullopt);
  if (planting)
    stored.add(tokenizer_.encode_continuation(planting->text), segment.line, token_bytes_);
  else
    stored.add(segment.tokens, segment.line, token_bytes_);
}

}  // namespace film::corpus

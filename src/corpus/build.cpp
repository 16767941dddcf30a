#include "film/corpus/build.h"

#include <limits>

#include "cut.h"
#include "documents.h"
#include "film/base/error.h"
#include "film/base/fnv1a.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/random.h"
#include "film/base/signals.h"
#include "film/corpus/store.h"
#include "film/sources/rows.h"
#include "planter.h"
#include "small_splits.h"
#include "store_writer.h"
#include "tally.h"

namespace film::corpus {
namespace {

// A batch with all the work done that needs no other batch.
struct PreparedBatch {
  std::vector<StoredDocument> documents;
  std::vector<std::vector<std::uint16_t>> attributes;  // of each document's segments, as in CorpusIndex
  std::vector<std::uint64_t> keys;                     // of each document
  std::vector<std::size_t> files;
  std::vector<RejectedRow> rejected;
  std::map<std::string, std::uint64_t> noted;
  std::uint64_t bytes = 0;
  bool last = false;  // nothing comes after it
};

class Builder {
 public:
  Builder(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
          const text::Tokenizer& tokenizer, std::uint64_t seed, bool cut)
      : files_(files),
        settings_(settings),
        cut_(cut),
        tokenizer_(tokenizer),
        newline_(tokenizer.encode_continuation("\n")),
        planter_(settings.needles, seed),
        seed_(seed),
        reader_(files) {}

  PreparedBatch prepare(std::size_t number) {
    PreparedBatch batch;
    const std::unique_ptr<sources::Batch> raw = reader_.pull(number);
    batch.last = raw == nullptr;
    if (batch.last) return batch;
    Documents read = read_documents(*raw, files_, settings_);
    for (std::size_t i = 0; i < read.documents.size(); ++i) {
      prepare_document(std::move(read.documents[i]), batch);
      batch.files.resize(batch.documents.size(), read.files[i]);
    }
    batch.rejected = std::move(read.rejected);
    batch.noted = std::move(read.noted);
    batch.bytes = raw->bytes;
    return batch;
  }

 private:
  void prepare_document(Document document, PreparedBatch& batch) const {
    if (!cut_) return prepare_whole(std::move(document), batch);
    const std::size_t before = batch.documents.size();
    for (DocumentPart& part : cut_document(document.text, tokenizer_, settings_.cut)) {
      const std::uint64_t line = document.line == 0 && part.line > 0 ? part.line + 1 : document.line;
      prepare_whole(
          {std::move(part.text), document.source, line, part.heading.empty() ? document.title : part.heading},
          batch);
      batch.documents.back().continues = batch.documents.size() > before + 1;
    }
  }

  void prepare_whole(Document document, PreparedBatch& batch) const {
    StoredDocument stored;
    const std::uint64_t key = document_key(document.text);
    stored.segments = text::segment_text(document.text, tokenizer_, newline_, settings_.segment.tokens);
    stored.info = {0,  // numbered when it is stored
                   std::move(document.source),
                   document.line,
                   std::move(document.title),
                   split_of(key, settings_.split, seed_),
                   stored.segments.size()};
    std::vector<std::uint16_t> attributes;
    if (settings_.needles.on()) attributes = plant(key, stored);
    batch.documents.push_back(std::move(stored));
    batch.attributes.push_back(std::move(attributes));
    batch.keys.push_back(key);
  }

  std::vector<std::uint16_t> plant(std::uint64_t key, StoredDocument& stored) const {
    std::vector<std::uint16_t> attributes(stored.segments.size());
    stored.needles.resize(stored.segments.size());
    for (std::size_t i = 0; i < stored.segments.size(); ++i) {
      text::Segment& segment = stored.segments[i];
      std::optional<Planting> planting = planter_.plant(segment.text, key, i);
      if (!planting) continue;
      segment.text = std::move(planting->text);
      segment.tokens = tokenizer_.encode_continuation(segment.text);
      attributes[i] = static_cast<std::uint16_t>(planting->attribute + 1);
      stored.needles[i] = std::move(planting->needle);
    }
    return attributes;
  }

  const std::vector<sources::SourceFile>& files_;
  const CorpusSettings& settings_;
  const bool cut_;  // documents into parts
  const text::Tokenizer& tokenizer_;
  const text::TokenIds newline_;
  const Planter planter_;
  const std::uint64_t seed_;
  sources::SourceReader reader_;
};

// Numbers documents, writes them, and keeps the index and the counts.
class Collector {
 public:
  Collector(CorpusIndex& index, CorpusTally& tally, StoreWriter& writer, std::uint64_t limit)
      : index_(index), tally_(tally), writer_(writer), limit_(limit) {}

  bool full() const { return limit_ > 0 && index_.documents() >= limit_; }

  // Of every document of a small corpus; empty for others.
  std::vector<std::uint64_t> keys() const {
    return keys_.size() == index_.documents() ? keys_ : std::vector<std::uint64_t>();
  }

  void take(PreparedBatch batch) {
    for (std::size_t i = 0; i < batch.documents.size() && !full(); ++i) {
      StoredDocument& stored = batch.documents[i];
      stored.info.id = index_.documents();
      writer_.add(stored);
      index(stored, batch.attributes[i]);
      if (keys_.size() < kSmall) keys_.push_back(batch.keys[i]);
      tally_.count(batch.files[i], stored);
    }
    if (full()) return;
    for (const RejectedRow& rejected : batch.rejected) tally_.count(rejected);
    for (const auto& [reason, count] : batch.noted) tally_.note(reason, count);
  }

 private:
  void index(const StoredDocument& stored, const std::vector<std::uint16_t>& attributes) {
    if (index_.segments() + stored.segments.size() >= UINT32_MAX)
      throw bad_data("the corpus holds more than 4,294,967,294 segments",
                     "split it over several DATA folders: film train mixes them");
    for (const text::Segment& segment : stored.segments) {
      index_.tokens.push_back(static_cast<std::uint32_t>(segment.tokens.size()));
      index_.document.push_back(static_cast<std::uint32_t>(stored.info.id));
    }
    index_.attribute.insert(index_.attribute.end(), attributes.begin(), attributes.end());
    if (stored.continues) index_.continues.resize(index_.documents());
    if (stored.continues || !index_.continues.empty()) index_.continues.push_back(stored.continues);
    index_.split.push_back(stored.info.split);
    index_.first_segment.push_back(index_.segments());
  }

  static constexpr std::size_t kSmall = 10'000;  // documents; larger corpora leave no split empty

  CorpusIndex& index_;
  CorpusTally& tally_;
  StoreWriter& writer_;
  std::uint64_t limit_;
  std::vector<std::uint64_t> keys_;
};

void tell_parts(const CorpusIndex& index) {
  if (index.continues.empty()) return;
  const auto texts = std::ranges::count(index.continues, false);
  info("inputs: " + counted(static_cast<std::uint64_t>(texts), "document") + (texts == 1 ? " is" : " are") +
       " cut into " + counted(index.documents(), "part") +
       " (setting cut.when); each is a document in what follows");
}

void require_splits_at_newlines(const text::Tokenizer& tokenizer) {
  if (!tokenizer.splits_at_newlines())
    throw bad_data(
        tokenizer.path().string() + ": lines cannot be encoded apart with this vocabulary",
        "choose a tokenizer whose pieces do not cross newlines, such as Mistral's tokenizer.model");
}

std::uint64_t total_bytes(const std::vector<sources::SourceFile>& files) {
  std::uint64_t bytes = 0;
  for (const sources::SourceFile& file : files) bytes += file.bytes;
  return bytes;
}

// The number of batches is not known beforehand: the last one says so.
void run_batches(Builder& builder, Collector& collector, Progress& progress, int threads) {
  const auto make = [&](std::size_t i) { return builder.prepare(i); };
  const auto take = [&](std::size_t, PreparedBatch batch) {
    throw_if_stopped("the segment store is not finished");
    const bool last = batch.last;
    progress.advance(batch.bytes >> 10);
    collector.take(std::move(batch));
    return !last && !collector.full();
  };
  parallel_in_order_while(std::numeric_limits<std::size_t>::max(), threads, make, take);
}

}  // namespace

std::vector<sources::SourceFile> list_corpus_files(const CorpusSettings& settings) {
  const std::vector<fs::path> inputs(settings.inputs.begin(), settings.inputs.end());
  using enum sources::FileKind;
  const sources::FileFilter filter{settings.extensions, {jsonl, csv, tsv}, "extensions"};
  return sources::list_files(inputs, filter, "inputs").files;
}

std::uint64_t document_key(std::string_view text) { return fnv1a(text); }

Split split_of(std::uint64_t key, const SplitSettings& settings, std::uint64_t seed) {
  const double u = Random(seed, "split", key).uniform();
  if (u < settings.train) return Split::train;
  return u < settings.train + settings.validation || settings.test == 0 ? Split::validation : Split::test;
}

CorpusResult build_corpus(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                          const text::Tokenizer& tokenizer, const fs::path& data, std::uint64_t seed,
                          int threads, std::uint64_t limit, const CorpusNeeds& needs) {
  require_splits_at_newlines(tokenizer);
  CorpusResult result;
  CorpusTally tally(files);
  StoreWriter writer(data, stored_token_bytes(tokenizer.vocab_size()), settings.part_tokens,
                     settings.needles.on());
  Collector collector(result.index, tally, writer, limit);
  Builder builder(files, settings, tokenizer, seed, cuts_documents(files, settings, needs));
  Progress progress("segments", total_bytes(files) >> 10, "KiB");
  run_batches(builder, collector, progress, threads);
  progress.finish();
  if (result.index.documents() == 0) throw no_input("the corpus holds no document", tally.advice());
  tally.tell();
  tell_parts(result.index);
  result.files = writer.finish();
  if (const auto moves = fill_empty_splits(result.index, collector.keys(), settings.split, needs, seed);
      !moves.empty()) {
    rewrite_splits(data, moves);
    for (const auto& [document, split] : moves) result.index.split[document] = split;
    tally.recount(result.index);
  }
  result.files.push_back(tally.write_sources(data, threads));
  tally.set_facts(settings, tokenizer, result.facts);
  return result;
}

}  // namespace film::corpus

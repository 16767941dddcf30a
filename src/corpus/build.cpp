#include "film/corpus/build.h"

#include "collector.h"
#include "cut.h"
#include "film/base/error.h"
#include "film/base/fnv1a.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/random.h"
#include "film/base/signals.h"
#include "film/corpus/store.h"
#include "run_batches.h"
#include "shard_file.h"
#include "small_splits.h"

namespace film::corpus {
namespace {

void tell_parts(const CorpusIndex& index) {
  if (index.continues.empty()) return;
  const auto texts = std::ranges::count(index.continues, false);
  info("inputs: " + counted(static_cast<std::uint64_t>(texts), "document") + (texts == 1 ? " is" : " are") +
       " cut into " + counted(index.documents(), "part") +
       " (setting cut.when); each is a document in what follows");
}

// In the order of the corpus, as if they came from the preparer.
void take_shards(const std::vector<PreparedShard>& shards, Collector& collector, SourceHashes& hashes,
                 Progress& progress) {
  for (const PreparedShard& shard : shards) hashes.know(shard.facts.sources);
  for (const PreparedShard& shard : shards) {
    ShardReader reader(shard.file);
    while (std::optional<PreparedBatch> batch = reader.next()) {
      throw_if_stopped("the shards are not put together");
      progress.advance(batch->bytes >> 10);
      collector.take(std::move(*batch));
      if (collector.full()) return;
    }
  }
}

}  // namespace

std::vector<sources::SourceFile> list_corpus_files(const CorpusSettings& settings) {
  const std::vector<fs::path> inputs(settings.inputs.begin(), settings.inputs.end());
  using enum sources::FileKind;
  const sources::FileFilter filter{
      settings.extensions, {jsonl, csv, tsv, html, epub, docx, odt, pdf, parquet}, "extensions"};
  return sources::list_files(inputs, filter, "inputs").files;
}

std::uint64_t document_key(std::string_view text) { return fnv1a(text); }

std::vector<std::uint64_t> document_keys(std::span<const std::string_view> texts) {
  return fnv1a_each(texts);
}

Split split_of(std::uint64_t key, const SplitSettings& settings, std::uint64_t seed) {
  const double u = Random(seed, "split", key).uniform();
  if (u < settings.train) return Split::train;
  return u < settings.train + settings.validation || settings.test == 0 ? Split::validation : Split::test;
}

CorpusResult build_corpus(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                          const text::Tokenizer& tokenizer, const fs::path& data, std::uint64_t seed,
                          int threads, std::uint64_t limit, const CorpusNeeds& needs,
                          const std::vector<PreparedShard>& shards) {
  require_splits_at_newlines(tokenizer);
  CorpusResult result;
  const std::unique_ptr<cleaning::EvaluationTexts> evaluation = read_evaluation(settings.decontaminate);
  CorpusTally tally(files);
  StoreWriter writer(data, settings.part_tokens, settings.needles.on());
  RejectedFile rejected(data);
  Collector collector(settings.duplicates, result.index, tally, writer, rejected, limit);
  Preparer preparer(files, settings, tokenizer, seed, cuts_documents(files, settings, needs),
                    evaluation.get());
  Progress progress("segments", total_bytes(files) >> 10, "KiB");
  if (shards.empty())
    run_batches(preparer, progress, threads, [&](PreparedBatch batch) {
      collector.take(std::move(batch));
      return !collector.full();
    });
  else
    take_shards(shards, collector, preparer.source_hashes(), progress);
  progress.finish();
  if (result.index.documents() == 0) throw no_input("the corpus holds no document", tally.advice());
  tally.tell();
  tally.require_few_rejected(settings.max_rejected);
  tell_parts(result.index);
  result.files = writer.finish();
  rejected.finish(result.files);
  if (const auto moves = fill_empty_splits(result.index, collector.keys(), settings.split, needs, seed);
      !moves.empty()) {
    rewrite_splits(data, moves);
    for (const auto& [document, split] : moves) result.index.split[document] = split;
    tally.recount(result.index);
  }
  result.files.push_back(tally.write_sources(data, preparer.source_hashes(), threads));
  tally.set_facts(settings, tokenizer, result.facts);
  if (evaluation) result.facts.corpus.decontamination = evaluation->facts();
  return result;
}

}  // namespace film::corpus

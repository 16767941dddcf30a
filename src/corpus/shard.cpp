#include "film/corpus/shard.h"

#include <algorithm>

#include "cut.h"
#include "film/base/error.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "run_batches.h"
#include "shard_file.h"

namespace film::corpus {
namespace {

// What a shard reads: neighbouring files, of which it prepares the batches that begin in its part of all bytes.
struct ShardPart {
  std::size_t first = 0, end = 0;  // files that are read
  std::size_t first_own =
      0;            // of these: the first that begins in the part; those before begin in another shard's
  Stretch stretch;  // counted from the first file read
};

ShardPart part_of(const std::vector<sources::SourceFile>& files, const Shard& shard) {
  const std::uint64_t total = total_bytes(files);
  const auto border = [&](std::uint32_t number) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(total) * number / shard.count);
  };
  const std::uint64_t begin = border(shard.number - 1);
  const std::uint64_t end = shard.number == shard.count ? UINT64_MAX : border(shard.number);
  ShardPart part{files.size(), files.size(), files.size(), {}};
  std::uint64_t before = 0, before_first = 0;
  for (std::size_t i = 0; i < files.size(); before += files[i++].bytes) {
    if (before >= end) {
      part.end = i;
      break;
    }
    const bool own = before >= begin;
    const bool reaches_into = !sources::is_one_row(files[i]) && before + files[i].bytes >= begin;
    if (own && part.first_own == files.size()) part.first_own = i;
    if (part.first != files.size() || !(own || reaches_into)) continue;
    part.first = i;
    before_first = before;
  }
  part.first = std::min(part.first, part.end);
  part.first_own = std::min(part.first_own, part.end);
  part.stretch = {begin - std::min(begin, before_first), end == UINT64_MAX ? end : end - before_first};
  return part;
}

}  // namespace

ShardFacts prepare_shard(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                         const text::Tokenizer& tokenizer, const fs::path& folder, std::uint64_t seed,
                         int threads, const CorpusNeeds& needs, const Shard& shard) {
  require_splits_at_newlines(tokenizer);
  const ShardPart part = part_of(files, shard);
  const std::vector<sources::SourceFile> read(files.begin() + static_cast<std::ptrdiff_t>(part.first),
                                              files.begin() + static_cast<std::ptrdiff_t>(part.end));
  const std::unique_ptr<cleaning::EvaluationTexts> evaluation = read_evaluation(settings.decontaminate);
  Preparer preparer(read, settings, tokenizer, seed, cuts_documents(files, settings, needs), evaluation.get(),
                    part.stretch);
  ShardWriter writer(folder / kShardFile);
  ShardFacts facts{shard.number, shard.count, part.first_own, {}, 0};
  Progress progress("shard " + shard.name(), total_bytes(read) >> 10, "KiB");
  run_batches(preparer, progress, threads, [&](PreparedBatch batch) {
    for (PreparedText& text : batch.texts) text.file += part.first;
    for (RejectedRow& row : batch.odd) row.file += part.first;
    for (const PreparedText& text : batch.texts) facts.documents += text.documents.size();
    if (!batch.texts.empty() || !batch.odd.empty()) writer.add(batch);
    return true;
  });
  progress.finish();
  writer.commit();
  const std::size_t others = part.first_own - part.first;
  const auto hash = [&](std::size_t i) { return preparer.source_hashes().of(others + i); };
  parallel_in_order(read.size() - others, threads, hash,
                    [&](std::size_t, std::string sha) { facts.sources.push_back(std::move(sha)); });
  return facts;
}

}  // namespace film::corpus

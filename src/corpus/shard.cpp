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

// The files whose middle lies in the shard's part of all bytes; empty files count as one byte.
std::pair<std::size_t, std::size_t> files_of(const std::vector<sources::SourceFile>& files,
                                             const Shard& shard) {
  const auto weight = [](const sources::SourceFile& file) { return std::max<std::uint64_t>(1, file.bytes); };
  std::uint64_t total = 0, before = 0;
  for (const sources::SourceFile& file : files) total += weight(file);
  std::pair<std::size_t, std::size_t> range{files.size(), files.size()};
  for (std::size_t i = 0; i < files.size(); before += weight(files[i++])) {
    const auto middle = static_cast<unsigned __int128>(before + weight(files[i]) / 2);
    const auto number = static_cast<std::uint32_t>(middle * shard.count / total);
    if (number + 1 < shard.number) continue;
    if (number + 1 > shard.number) {
      range.second = i;
      break;
    }
    if (range.first == files.size()) range.first = i;
  }
  return {std::min(range.first, range.second), range.second};
}

}  // namespace

ShardFacts prepare_shard(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                         const text::Tokenizer& tokenizer, const fs::path& folder, std::uint64_t seed,
                         int threads, const CorpusNeeds& needs, const Shard& shard) {
  require_splits_at_newlines(tokenizer);
  const auto [first, end] = files_of(files, shard);
  const std::vector<sources::SourceFile> own(files.begin() + static_cast<std::ptrdiff_t>(first),
                                             files.begin() + static_cast<std::ptrdiff_t>(end));
  const std::unique_ptr<cleaning::EvaluationTexts> evaluation = read_evaluation(settings.decontaminate);
  Preparer preparer(own, settings, tokenizer, seed, cuts_documents(files, settings, needs), evaluation.get());
  ShardWriter writer(folder / kShardFile);
  ShardFacts facts{shard.number, shard.count, first, {}, 0};
  Progress progress("shard " + shard.name(), total_bytes(own) >> 10, "KiB");
  run_batches(preparer, progress, threads, [&](PreparedBatch batch) {
    for (PreparedText& text : batch.texts) text.file += first;
    for (RejectedRow& row : batch.odd) row.file += first;
    for (const PreparedText& text : batch.texts) facts.documents += text.documents.size();
    if (!batch.last) writer.add(batch);
    return true;
  });
  progress.finish();
  writer.commit();
  const auto hash = [&](std::size_t i) { return preparer.source_hashes().of(i); };
  parallel_in_order(own.size(), threads, hash,
                    [&](std::size_t, std::string sha) { facts.sources.push_back(std::move(sha)); });
  return facts;
}

}  // namespace film::corpus

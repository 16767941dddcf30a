#include "film/corpus/plan.h"

#include <time.h>

#include <algorithm>
#include <cmath>

#include "cut.h"
#include "film/base/signals.h"
#include "run_batches.h"

namespace film::corpus {
namespace {

constexpr std::size_t kFiles = 32;
constexpr std::uint64_t kBytes = 16 << 20;

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Neighbours that are read as one (small text files) are a sample together.
std::vector<std::vector<sources::SourceFile>> sample_of(const std::vector<sources::SourceFile>& files) {
  std::vector<std::vector<sources::SourceFile>> samples;
  const std::size_t count = std::min(kFiles, files.size()), each = (files.size() + count - 1) / count;
  for (std::size_t i = 0; i < files.size(); i += each)
    samples.emplace_back(files.begin() + static_cast<std::ptrdiff_t>(i),
                         files.begin() + static_cast<std::ptrdiff_t>(std::min(files.size(), i + each)));
  return samples;
}

void count(const PreparedBatch& batch, CorpusPlan& plan) {
  for (const PreparedText& text : batch.texts)
    for (const PreparedDocument& document : text.documents) {
      ++plan.documents;
      plan.segments += document.stored.rows.size();
      plan.document_bytes += document.stored.line.size() + 7;  // the id has more digits than 0
      for (const SegmentRow& row : document.stored.rows) plan.tokens += row.tokens;
    }
  for (const RejectedRow& row : batch.odd) ++plan.odd[row.reason];
}

void scale(CorpusPlan& plan) {
  const auto scaled = [&](std::uint64_t& number) {
    number = static_cast<std::uint64_t>(std::llround(static_cast<double>(number) / plan.sampled));
  };
  for (std::uint64_t* number : {&plan.documents, &plan.segments, &plan.tokens, &plan.document_bytes})
    scaled(*number);
  for (auto& [reason, number] : plan.odd) scaled(number);
  plan.core_seconds /= plan.sampled;
}

}  // namespace

CorpusPlan plan_corpus(const std::vector<sources::SourceFile>& files, const CorpusSettings& settings,
                       const text::Tokenizer& tokenizer, std::uint64_t seed, const CorpusNeeds& needs) {
  require_splits_at_newlines(tokenizer);
  CorpusPlan plan;
  for (const sources::SourceFile& file : files) {
    FileCount& kind = plan.kinds[name_of(file.kind)];
    ++kind.files;
    kind.bytes += file.bytes;
  }
  const std::unique_ptr<cleaning::EvaluationTexts> evaluation = read_evaluation(settings.decontaminate);
  const bool cut = cuts_documents(files, settings, needs);
  const auto samples = sample_of(files);
  std::uint64_t read = 0;
  for (const std::vector<sources::SourceFile>& sample : samples) {
    Preparer preparer(sample, settings, tokenizer, seed, cut, evaluation.get());
    const double begin = thread_seconds();
    std::uint64_t own = 0;
    for (std::size_t number = 0; own < kBytes / samples.size(); ++number) {
      throw_if_stopped("nothing was written");
      const PreparedBatch batch = preparer.prepare(number);
      if (batch.last) break;
      own += batch.bytes;
      count(batch, plan);
    }
    plan.core_seconds += thread_seconds() - begin;
    read += own;
  }
  const std::uint64_t all = total_bytes(files);
  plan.sampled = all == 0 ? 1 : std::min(1.0, static_cast<double>(read) / static_cast<double>(all));
  if (read > 0) scale(plan);
  return plan;
}

}  // namespace film::corpus

#include "run_batches.h"

#include <limits>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/signals.h"

namespace film::corpus {

void require_splits_at_newlines(const text::Tokenizer& tokenizer) {
  if (!tokenizer.splits_at_newlines())
    throw bad_data(
        tokenizer.path().string() + ": lines cannot be encoded apart with this vocabulary",
        "choose a tokenizer whose pieces do not cross newlines, such as Mistral's tokenizer.model");
}

std::unique_ptr<cleaning::EvaluationTexts> read_evaluation(
    const cleaning::DecontaminationSettings& settings) {
  if (!settings.on()) return nullptr;
  auto texts =
      std::make_unique<cleaning::EvaluationTexts>(settings, cleaning::list_evaluation_files(settings));
  const DecontaminationFacts facts = texts->facts();
  std::uint64_t count = 0, too_short = 0;
  for (const DecontaminationFacts::File& file : facts.files) {
    count += file.texts;
    too_short += file.too_short;
  }
  info("decontamination: " + counted(count, "text") + " in " + counted(facts.files.size(), "file") +
       (too_short == 0 ? "" : ", " + grouped(too_short) + " of them too short to be compared"));
  return texts;
}

std::uint64_t total_bytes(const std::vector<sources::SourceFile>& files) {
  std::uint64_t bytes = 0;
  for (const sources::SourceFile& file : files) bytes += file.bytes;
  return bytes;
}

// The number of batches is not known beforehand: the last one says so.
void run_batches(Preparer& preparer, Progress& progress, int threads,
                 const std::function<bool(PreparedBatch)>& take) {
  const auto make = [&](std::size_t i) { return preparer.prepare(i); };
  const auto take_next = [&](std::size_t, PreparedBatch batch) {
    throw_if_stopped("the segment store is not finished");
    const bool last = batch.last;
    progress.advance(batch.bytes >> 10);
    return take(std::move(batch)) && !last;
  };
  parallel_in_order_while(std::numeric_limits<std::size_t>::max(), threads, make, take_next);
}

}  // namespace film::corpus

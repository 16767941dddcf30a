#include "generator.h"

#include <algorithm>

#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"
#include "writer.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kContextsPerBatch = 8;

struct Asked {
  const Context* context;
  WrittenQuestions written;
};

ContextMaterial material_of(const Source& source, const Context& context) {
  ContextMaterial material{context, source.data.segment_texts(context, source.tokenizer), {}};
  for (const std::uint32_t segment : context.segments)
    material.needles.push_back(source.data.needle(segment));
  return material;
}

std::vector<Asked> ask_batch(const Source& source, const OfflineWriter& writer, std::uint64_t batch) {
  std::vector<Asked> asked;
  const std::uint64_t first = batch * kContextsPerBatch;
  for (std::uint64_t id = first; id < std::min(first + kContextsPerBatch, source.contexts); ++id) {
    const Context& context = source.data.context(id);
    asked.push_back({&context, writer.write(material_of(source, context))});
  }
  return asked;
}

}  // namespace

void OfflineGenerator::write(const Source& source, QuestionFiles& out, QaFacts&) {
  const std::string& own = settings_.offline.planted.question;
  const OfflineWriter writer(settings_, own.empty() ? source.data.needle_question() : own);
  Progress progress("questions", source.contexts, "contexts");
  const std::uint64_t batches = (source.contexts + kContextsPerBatch - 1) / kContextsPerBatch;
  parallel_in_order(
      batches, thread_count(settings_.threads),
      [&](std::size_t batch) { return ask_batch(source, writer, batch); },
      [&](std::size_t, std::vector<Asked> batch) {
        throw_if_stopped("the questions are not finished");
        progress.advance(batch.size());
        for (Asked& asked : batch) out.write(*asked.context, std::move(asked.written));
      });
  progress.finish();
}

std::string OfflineGenerator::advice(const Tally& tally) const {
  if (tally.rejected_for(RejectReason::nothing_to_ask))
    return "no needle is planted where questions are asked: raise offline.types.cloze or "
           "offline.types.sentence, or plant records";
  return "lower offline.min_sentence_words, or raise offline.attempts";
}

}  // namespace film::questions

// What film synth would write: `film synth --dry-run`.
#include <fmt/format.h>

#include "film/base/format.h"
#include "film/base/parallel.h"
#include "film/contexts/synth.h"
#include "film/corpus/store.h"
#include "sampler.h"
#include "synth_inputs.h"

namespace film::contexts {
namespace {

double mean_length(const SynthSettings& settings) {
  const ContextSettings& contexts = settings.contexts;
  if (contexts.segments > 0) return contexts.segments;
  return 0.5 * (contexts.target.min + contexts.target.max);
}

std::uint64_t digits(std::uint64_t number) { return std::to_string(number).size(); }

}  // namespace

SynthPlan plan_synth(const SynthSettings& settings, const fs::path& out) {
  const SynthInputs inputs(settings, out);
  SynthPlan plan;
  plan.corpus =
      corpus::plan_corpus(inputs.files, settings.corpus, inputs.tokenizer, settings.seed, needs_of(settings));
  plan.threads = thread_count(settings.threads);
  const corpus::CorpusPlan& corpus = plan.corpus;
  plan.contexts = plan_tasks(settings.contexts).size();
  const double per_segment =
      corpus.segments == 0 ? 1 : static_cast<double>(corpus.tokens) / static_cast<double>(corpus.segments);
  const double length = mean_length(settings);
  const double segments = settings.contexts.segments > 0 ? length : length / (per_segment + 1);
  plan.context_tokens = static_cast<std::uint64_t>(
      static_cast<double>(plan.contexts) * (settings.contexts.segments > 0 ? length * per_segment : length));
  const auto token_bytes =
      static_cast<std::uint64_t>(corpus::stored_token_bytes(inputs.tokenizer.vocab_size()));
  plan.store_bytes =
      corpus.tokens * token_bytes + corpus.segments * sizeof(corpus::SegmentRow) + corpus.document_bytes;
  constexpr double kRecipe = 110;  // bytes of a line beside its segments
  plan.recipe_bytes =
      static_cast<std::uint64_t>(static_cast<double>(plan.contexts) *
                                 (kRecipe + segments * static_cast<double>(1 + digits(corpus.segments))));
  const std::uint64_t near = settings.corpus.duplicates.near > 0 ? 700 : 0;
  const std::uint64_t words = settings.contexts.fillers.graded() ? 70 : 0;  // TermIndex, while it is made
  plan.memory_bytes =
      corpus.segments * (words + (settings.corpus.needles.on() ? 22 : 20)) + corpus.documents * (17 + near);
  return plan;
}

std::string plan_text(const SynthPlan& plan) {
  const corpus::CorpusPlan& corpus = plan.corpus;
  std::string text;
  for (const auto& [kind, count] : corpus.kinds)
    text += fmt::format("{:>16} files of {}, {:.1f} MiB\n", grouped(count.files), kind,
                        static_cast<double>(count.bytes) / 1048576);
  text += corpus.sampled >= 1
              ? "counted in all of them:\n"
              : fmt::format("estimated from {:.2g} % of their bytes:\n", 100 * corpus.sampled);
  text += fmt::format("{:>16} documents\n{:>16} segments\n{:>16} tokens\n", grouped(corpus.documents),
                      grouped(corpus.segments), grouped(corpus.tokens));
  for (const auto& [reason, count] : corpus.odd) text += fmt::format("{:>16} {}\n", grouped(count), reason);
  text += fmt::format("planned:\n{:>16} contexts of {} tokens in all\n", grouped(plan.contexts),
                      grouped(plan.context_tokens));
  const auto gib = [](std::uint64_t bytes) { return static_cast<double>(bytes) / 1073741824; };
  text += fmt::format("{:>16.3f} GiB on disk for the store, {:.3f} for the contexts\n", gib(plan.store_bytes),
                      gib(plan.recipe_bytes));
  text += fmt::format("{:>16.3f} GiB of memory for its index\n", gib(plan.memory_bytes));
  const double seconds = corpus.core_seconds / plan.threads;
  text +=
      fmt::format("{:>16} for the store with {}; drawing the contexts comes on top\n",
                  seconds < 90 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.1f} min", seconds / 60),
                  counted(static_cast<std::uint64_t>(plan.threads), "thread"));
  return text + "duplicates are not looked for in a plan; nothing was written\n";
}

Json plan_json(const SynthPlan& plan) {
  Json kinds = Json::object(), odd = Json::object();
  for (const auto& [kind, count] : plan.corpus.kinds)
    kinds[kind] = {{"files", count.files}, {"bytes", count.bytes}};
  for (const auto& [reason, count] : plan.corpus.odd) odd[reason] = count;
  return {{"kinds", kinds},
          {"sampled", plan.corpus.sampled},
          {"documents", plan.corpus.documents},
          {"segments", plan.corpus.segments},
          {"tokens", plan.corpus.tokens},
          {"odd", odd},
          {"contexts", plan.contexts},
          {"context_tokens", plan.context_tokens},
          {"store_bytes", plan.store_bytes},
          {"context_bytes", plan.recipe_bytes},
          {"memory_bytes", plan.memory_bytes},
          {"core_seconds", plan.corpus.core_seconds},
          {"threads", plan.threads}};
}

}  // namespace film::contexts

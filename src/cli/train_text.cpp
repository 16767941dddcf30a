#include "train_text.h"

#include <fmt/format.h>

#include "film/base/format.h"

namespace film::cli {
namespace {

std::string gibibytes(std::uint64_t bytes) {
  return fmt::format("{:10.2f} GiB", static_cast<double>(bytes) / (1ull << 30));
}

}  // namespace

std::string plan_text(const engine::TrainPlan& plan) {
  std::string text = fmt::format("{}, {}\n", plan.model, name_of(plan.precision));
  text +=
      fmt::format("  {} steps, {} passes of at most {} tokens\n", plan.steps, plan.passes, plan.longest_pass);
  text += fmt::format("  {} question/answer pairs, {} tokens read, {} of them answers, {} of padding\n",
                      plan.pairs, plan.tokens, plan.answer_tokens, plan.padding);
  text += fmt::format("  {:.3g} PFLOP of model arithmetic; about {} on this machine\n\nmemory\n",
                      plan.flops / 1e15, duration_text(plan.seconds));
  for (const engine::MemoryItem& item : plan.memory.items)
    text += fmt::format("  {:<24}{}  {}\n", item.name, gibibytes(item.bytes), item.note);
  text += fmt::format("  {:<24}{}\n", "all", gibibytes(plan.memory.total()));
  return text;
}

std::string facts_text(const TrainFacts& facts, const fs::path& run) {
  return fmt::format("{} on {}\n  {} steps, {} question/answer pairs, {} tokens\n  trained model: {}\n",
                     facts.model, facts.device, grouped(static_cast<std::uint64_t>(facts.steps)),
                     grouped(static_cast<std::uint64_t>(facts.pairs)),
                     grouped(static_cast<std::uint64_t>(facts.tokens)),
                     (run / facts.final_checkpoint).string());
}

Json plan_json(const engine::TrainPlan& plan) {
  return {{"model", plan.model},           {"precision", name_of(plan.precision)},
          {"device", plan.device},         {"steps", plan.steps},
          {"passes", plan.passes},         {"pairs", plan.pairs},
          {"tokens", plan.tokens},         {"answer_tokens", plan.answer_tokens},
          {"padding", plan.padding},       {"longest_pass", plan.longest_pass},
          {"flops", plan.flops},           {"seconds", plan.seconds},
          {"memory", to_json(plan.memory)}};
}

}  // namespace film::cli

#include "film/engine/probe_fit.h"

#include <algorithm>

#include "film/engine/asking_plan.h"

namespace film::engine {
namespace {

constexpr std::int64_t kMostQuestions = 1 << 20;  // more than any device holds

}  // namespace

ProbeFit probe_fit(const ModelConfig& config, Precision precision, std::uint64_t most, std::uint64_t base,
                   const PlanDevice& device) {
  AskingShape shape;
  shape.context = std::min<std::int64_t>(kProbeTokens, config.max_position_embeddings);
  shape.questions = kMostQuestions;
  shape.question = shape.new_tokens = kProbeRows / 2;
  const AskingPlan plan = plan_asking(config, precision, shape, most, base, device.kind);
  return {shape.context, plan.total() <= most ? plan.open : 0};
}

}  // namespace film::engine

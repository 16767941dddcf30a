#include "sampler.h"

#include "context_builder.h"

namespace film::contexts {

Context ContextSampler::draw(const ContextTask& task) const { return ContextBuilder(plan_, task).make(); }

std::vector<ContextKind> plan_kinds(const KindWeights& kinds, std::uint64_t count) {
  double total = 0;
  for (const ContextKind kind : kContextKinds) total += kinds.weight(kind);
  std::array<double, kContextKinds.size()> made{};
  std::vector<ContextKind> plan;
  plan.reserve(count);
  for (std::uint64_t i = 1; i <= count; ++i) {
    ContextKind best = ContextKind::fine_grained;
    double deficit = -1;
    for (const ContextKind kind : kContextKinds) {
      const double behind =
          static_cast<double>(i) * kinds.weight(kind) / total - made[static_cast<std::size_t>(kind)];
      if (kinds.weight(kind) <= 0 || behind <= deficit) continue;
      best = kind;
      deficit = behind;
    }
    ++made[static_cast<std::size_t>(best)];
    plan.push_back(best);
  }
  return plan;
}

}  // namespace film::contexts

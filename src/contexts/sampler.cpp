#include "sampler.h"

#include <cmath>

#include "context_builder.h"

namespace film::contexts {
namespace {

// More twins than are asked for, since not every question is kept, and not every twin suits its question.
std::uint64_t twins_of(double share, std::size_t contexts) {
  constexpr double kSpare = 1.5;
  constexpr std::size_t kMore = 16;
  const auto wanted = static_cast<std::size_t>(std::ceil(kSpare * share * static_cast<double>(contexts)));
  return share > 0 ? std::min(contexts, wanted + kMore) : 0;
}

void append_twins(double share, std::vector<ContextTask>& tasks) {
  std::vector<ContextTask> may_be;
  for (const ContextTask& task : tasks)
    if (task.split == Split::train && task.kind != ContextKind::short_text) may_be.push_back(task);
  const std::uint64_t count = twins_of(share, may_be.size());
  for (std::uint64_t i = 0; i < count; ++i) {
    ContextTask twin = may_be[i * may_be.size() / count];
    twin.of = twin.id;
    twin.id = tasks.size();
    twin.twin = true;
    tasks.push_back(twin);
  }
}

}  // namespace

std::vector<ContextTask> plan_tasks(const ContextSettings& settings) {
  std::vector<ContextTask> tasks;
  for (const Split split : kSplits) {
    std::uint64_t number = 0;
    for (const ContextKind kind : plan_kinds(settings.kinds, settings.count(split)))
      tasks.push_back({tasks.size(), number++, split, kind});
  }
  append_twins(settings.twins, tasks);
  return tasks;
}

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

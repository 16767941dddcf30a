#include <algorithm>

#include "figures.h"

namespace film::report {

std::vector<std::string> task_order(const ReportInput& input) {
  std::vector<std::string> order;
  for (const ModelScores& model : input.models)
    for (const Score& score : model.scores)
      if (std::find(order.begin(), order.end(), score.task) == order.end()) order.push_back(score.task);
  return order;
}

const Score* find_score(const ModelScores& model, const std::string& task) {
  for (const Score& score : model.scores)
    if (score.task == task) return &score;
  return nullptr;
}

std::vector<const Comparison*> comparisons_of(const ReportInput& input, const std::string& task) {
  std::vector<const Comparison*> found;
  for (const Comparison& comparison : input.comparisons)
    if (comparison.task == task) found.push_back(&comparison);
  return found;
}

bool has_curve(const ReportInput& input, const std::string& task) {
  return std::any_of(input.models.begin(), input.models.end(), [&](const ModelScores& model) {
    const Score* score = find_score(model, task);
    return score != nullptr && score->curve.has_value();
  });
}

std::size_t model_number(const ReportInput& input, const std::string& label) {
  for (std::size_t m = 0; m < input.models.size(); ++m)
    if (input.models[m].label == label) return m;
  return 0;
}

std::optional<double> chance_of(const Score& score) {
  const auto chance = score.notes.find("chance");
  if (chance == score.notes.end() || !chance->is_number()) return {};
  return chance->get<double>();
}

std::optional<double> chance_of(const ReportInput& input, const std::string& task) {
  for (const ModelScores& model : input.models)
    if (const Score* score = find_score(model, task))
      if (const auto chance = chance_of(*score)) return chance;
  return {};
}

}  // namespace film::report

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

std::vector<Figure> all_figures(const ReportInput& input) {
  std::vector<Figure> figures;
  for (const std::string& task : task_order(input)) {
    if (!has_curve(input, task)) continue;
    PositionFigures pair = position_figures(input, task);
    figures.push_back(std::move(pair.scores));
    if (pair.difference) figures.push_back(std::move(*pair.difference));
  }
  if (auto averages = averages_figure(input)) figures.push_back(std::move(*averages));
  for (Figure& figure : training_figures(input.training)) figures.push_back(std::move(figure));
  for (const Histogram& histogram : input.histograms) figures.push_back(histogram_figure(histogram));
  return figures;
}

}  // namespace film::report

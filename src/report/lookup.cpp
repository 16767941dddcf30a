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

const Comparison* find_comparison(const ReportInput& input, const std::string& task) {
  for (const Comparison& comparison : input.comparisons)
    if (comparison.task == task) return &comparison;
  return nullptr;
}

std::vector<Figure> all_figures(const ReportInput& input) {
  std::vector<Figure> figures;
  for (const std::string& task : task_order(input)) {
    PositionFigures pair = position_figures(input, task);
    figures.push_back(std::move(pair.scores));
    if (pair.difference) figures.push_back(std::move(*pair.difference));
  }
  for (Figure& figure : training_figures(input.training)) figures.push_back(std::move(figure));
  for (const Histogram& histogram : input.histograms) figures.push_back(histogram_figure(histogram));
  return figures;
}

}  // namespace film::report

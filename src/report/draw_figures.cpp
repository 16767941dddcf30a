#include <set>

#include "figures.h"

namespace film::report {
namespace {

template <class List, class Use>
void for_each_figure(List& figures, const Use& use) {
  for (auto& pair : figures.positions) {
    use(pair.scores);
    if (pair.difference) use(*pair.difference);
  }
  for (auto& figure : figures.lengths) use(figure);
  if (figures.averages) use(*figures.averages);
  for (auto* group : {&figures.training, &figures.data})
    for (auto& figure : *group) use(figure);
}

// Names become files: names of tasks and folders may be equal, or differ in what a file name does not keep.
void make_names_unique(Figures& figures) {
  std::set<std::string> used;
  for_each_figure(figures, [&](Figure& figure) {
    const std::string name = figure.name;
    for (int number = 2; !used.insert(figure.name).second; ++number)
      figure.name = name + "_" + std::to_string(number);
  });
}

}  // namespace

std::vector<const Figure*> Figures::all() const& {
  std::vector<const Figure*> list;
  for_each_figure(*this, [&](const Figure& figure) { list.push_back(&figure); });
  return list;
}

Figures draw_figures(const ReportInput& input) {
  Figures figures;
  for (const std::string& task : task_order(input)) {
    if (has_curve(input, task)) figures.positions.push_back(position_figures(input, task));
    if (auto heat = heat_figure(input, task)) figures.lengths.push_back(std::move(*heat));
  }
  figures.averages = averages_figure(input);
  figures.training = training_figures(input.training);
  for (const Histogram& histogram : input.histograms) figures.data.push_back(histogram_figure(histogram));
  make_names_unique(figures);
  return figures;
}

}  // namespace film::report

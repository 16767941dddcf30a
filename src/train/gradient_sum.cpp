#include "gradient_sum.h"

#include <algorithm>

namespace film::train {

std::vector<model::Range> layer_ranges(const model::ParameterList& parameters, std::size_t layers) {
  std::vector<model::Range> ranges;
  for (std::size_t l = 0; l < layers; ++l) {
    const std::string beginning = "model.layers." + std::to_string(l) + ".";
    model::Range range{parameters.elements(), 0};
    for (const model::Parameter& p : parameters)
      if (p.name.starts_with(beginning))
        range = {std::min(range.begin, p.range.begin), std::max(range.end, p.range.end)};
    if (l > 0) ranges[l - 1].end = range.begin;
    ranges.push_back(range);
  }
  return ranges;
}

GradientSum::GradientSum(TrainingRun& run, ranks::Team& team)
    : run_(run),
      team_(team),
      layers_(layer_ranges(run.parameters, run.weights.layers.size())),
      open_(layers_.size()),
      sliced_(run.owned.length() < run.parameters.elements()) {}

void GradientSum::begin(std::int64_t first, std::int64_t end) const {
  if (end > first) team_.begin_sum(run_.parameters.flat_gradients({first, end}));
}

void GradientSum::layer_done(std::size_t layer) {
  if (sliced_) return;
  for (; open_ > layer; --open_) begin(layers_[open_ - 1].begin, layers_[open_ - 1].end);
}

void GradientSum::finish() {
  const std::int64_t elements = run_.parameters.elements();
  if (sliced_) return team_.reduce_scatter(run_.parameters.flat_gradients({0, elements}));
  layer_done(0);
  begin(0, layers_.empty() ? elements : layers_.front().begin);  // the embedding
  if (!layers_.empty()) begin(layers_.back().end, elements);     // norm and head
  team_.finish_sums();
}

}  // namespace film::train

#include "step_exchange.h"

#include <algorithm>
#include <cmath>

namespace film::train {

std::vector<model::Range> layer_ranges(const model::ParameterList& parameters, std::size_t layers) {
  std::vector<model::Range> ranges(layers, {parameters.elements(), 0});
  for (const model::Parameter& p : parameters)
    if (const auto layer = model::layer_of(p.name)) {
      model::Range& range = ranges[*layer];
      range = {std::min(range.begin, p.range.begin), std::max(range.end, p.range.end)};
    }
  for (std::size_t l = 1; l < layers; ++l) ranges[l - 1].end = ranges[l].begin;
  return ranges;
}

namespace {

model::SequencePart sequence_part(const ranks::Group& group) {
  using model::RowCounts;
  return {group.rank(), group.size(),
          [group](const Tensor& in, const RowCounts& in_parts, const Tensor& out,
                  const RowCounts& out_parts) { group.swap(in, in_parts, out, out_parts)(); }};
}

}  // namespace

StepExchange::StepExchange(TrainingRun& run, ranks::Team& team)
    : run_(run),
      team_(team),
      layers_(layer_ranges(run.parameters, run.weights.layers.size())),
      open_(layers_.size()),
      sequence_(sequence_part(run.groups.sequence)) {}

void StepExchange::begin_sum(std::int64_t first, std::int64_t end) {
  if (end > first) sums_.push_back(run_.groups.sharers.sum(run_.parameters.flat_gradients({first, end})));
}

void StepExchange::layer_done(std::size_t layer) {
  for (; open_ > layer; --open_) begin_sum(layers_[open_ - 1].begin, layers_[open_ - 1].end);
}

void StepExchange::attach(model::PassOptions& options, bool last_pass) {
  if (sequence_.ranks > 1) options.sequence = &sequence_;
  if (GatheredModel* shared = run_.gathered.get()) {
    options.before_forward = [shared](std::size_t layer) { shared->before_forward(layer); };
    options.before_backward = [shared](std::size_t layer) { shared->before_backward(layer); };
    options.layer_done = [shared, last_pass](std::size_t layer) { shared->after_backward(layer, last_pass); };
  } else if (last_pass && run_.sharing.state() == 1) {
    options.layer_done = [this](std::size_t layer) { layer_done(layer); };
  }
}

void StepExchange::finish_gradients() {
  if (run_.gathered) return run_.gathered->finish_gradients();
  const std::int64_t elements = run_.parameters.elements();
  if (run_.sharing.state() > 1)
    return run_.groups.sharers.reduce_scatter(run_.parameters.flat_gradients({0, elements}))();
  layer_done(0);
  begin_sum(0, layers_.empty() ? elements : layers_.front().begin);  // the embedding
  if (!layers_.empty()) begin_sum(layers_.back().end, elements);     // norm and head
  for (const ranks::Pending& sum : std::exchange(sums_, {})) sum();
}

double StepExchange::gradient_norm(const Optimizer& optimizer) const {
  if (run_.sharing.state() == 1) return optimizer.gradient_norm();
  const bool counts = team_.rank() < run_.sharing.state();  // others have a copy of what these have
  return std::sqrt(team_.sum({counts ? optimizer.squared_norm(run_.owned) : 0})[0]);
}

void StepExchange::spread_weights() const {
  if (run_.gathered)
    run_.gathered->forget();
  else if (run_.sharing.state() > 1)
    run_.groups.sharers.all_gather(run_.weights.flat)();
}

}  // namespace film::train

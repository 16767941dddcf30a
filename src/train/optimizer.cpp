#include "optimizer.h"

#include <cmath>
#include <limits>

#include "film/kernels/kernels.h"

namespace film::train {
namespace {

using engine::ParameterGroup;
using model::Parameter;
using model::Range;

bool matches(const ParameterGroup& group, const Parameter& parameter) {
  return from_name<model::ParameterKind>(group.match) == parameter.kind ||
         parameter.name.find(group.match) != std::string::npos;
}

// Elements `range` of a tensor that begins at element `begin` of a flat buffer.
Tensor elements(const Tensor& flat, std::int64_t begin, const Range& range) {
  return flat.narrow(0, range.begin - begin, range.length());
}

// The part of a parameter that is in a chunk.
void step_overlap(const Parameter& p, const OptimizerState::Chunk& chunk, const kernels::AdamStep& step) {
  const Range range = overlap(p.range, chunk.range);
  if (range.length() == 0) return;
  Tensor weight = elements(p.weight.view(-1), p.range.begin, range),
         first = elements(chunk.first, chunk.range.begin, range),
         second = elements(chunk.second, chunk.range.begin, range);
  const Tensor gradient = elements(p.gradient.view(-1), p.range.begin, range);
  if (!chunk.remainder.defined()) return kernels::adamw(weight, gradient, first, second, step);
  Tensor remainder = elements(chunk.remainder, chunk.range.begin, range);
  kernels::adamw_split(weight, remainder, gradient, first, second, step);
}

}  // namespace

Optimizer::Optimizer(const engine::OptimizerSettings& settings, const model::ParameterList& parameters)
    : settings_(settings) {
  for (const Parameter& p : parameters) {
    if (!p.trained) continue;
    Trained trained{p, 1, settings.weight_decay};
    for (const ParameterGroup& group : settings.groups)
      if (matches(group, p)) trained = {p, group.learning_rate_scale, group.weight_decay};
    trained_.push_back(trained);
  }
}

double Optimizer::squared_norm(const Range& range) const {
  std::vector<Tensor> gradients;
  for (const auto& [p, rate, decay] : trained_)
    if (const Range part = overlap(p.range, range); part.length() > 0)
      gradients.push_back(elements(p.gradient.view(-1), p.range.begin, part));
  return kernels::squared_norm(gradients);
}

double Optimizer::gradient_norm() const {
  return std::sqrt(squared_norm({0, std::numeric_limits<std::int64_t>::max()}));
}

void Optimizer::step(OptimizerState& state, double learning_rate, double norm, std::int64_t t) const {
  const double scale = settings_.clip > 0 && norm > settings_.clip ? settings_.clip / norm : 1;
  state.for_each_chunk([&](const OptimizerState::Chunk& chunk) {
    for (const Trained& trained : trained_)
      step_overlap(trained.parameter, chunk,
                   {learning_rate * trained.learning_rate_scale, settings_.beta1, settings_.beta2,
                    settings_.epsilon, trained.weight_decay, scale, t});
  });
}

}  // namespace film::train

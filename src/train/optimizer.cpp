#include "film/train/optimizer.h"

#include <algorithm>
#include <cmath>

#include "film/kernels/kernels.h"

namespace film::train {
namespace {

const char* kind_name(model::ParameterKind kind) {
  switch (kind) {
    case model::ParameterKind::embedding:
      return "embedding";
    case model::ParameterKind::norm:
      return "norm";
    case model::ParameterKind::linear:
      return "linear";
    case model::ParameterKind::head:
      return "head";
  }
  return "";
}

std::vector<Tensor> flat(const model::ModelTensors& tensors, const engine::ModelConfig& config) {
  std::vector<Tensor> list;
  model::for_each_parameter(tensors, config,
                            [&](const std::string&, Tensor x, model::ParameterKind) { list.push_back(x); });
  return list;
}

}  // namespace

Optimizer::Optimizer(const engine::OptimizerSettings& settings, const engine::ModelConfig& config)
    : settings_(settings), config_(config) {}

engine::ParameterGroup Optimizer::group_of(const std::string& name, model::ParameterKind kind) const {
  engine::ParameterGroup chosen{"", 1, settings_.weight_decay};
  for (const engine::ParameterGroup& group : settings_.groups)
    if (group.match == kind_name(kind) || name.find(group.match) != std::string::npos) chosen = group;
  return chosen;
}

double Optimizer::gradient_norm(const model::ModelTensors& gradients) const {
  return std::sqrt(kernels::squared_norm(flat(gradients, config_)));
}

namespace {

// A parameter laid out flat, its place in the optimizer's state, and how it is stepped.
struct Stepped {
  Tensor weight, gradient;
  std::int64_t begin;
  kernels::AdamStep step;
};

// The part of a parameter that lies in a chunk.
void step_overlap(const Stepped& p, const OptimizerState::Chunk& chunk) {
  const std::int64_t begin = std::max(p.begin, chunk.begin),
                     end = std::min(p.begin + p.weight.numel(), chunk.begin + chunk.length);
  if (begin >= end) return;
  const auto of = [&](const Tensor& x, std::int64_t origin) {
    return x.narrow(0, begin - origin, end - begin);
  };
  Tensor weight = of(p.weight, p.begin), first = of(chunk.first, chunk.begin),
         second = of(chunk.second, chunk.begin);
  const Tensor gradient = of(p.gradient, p.begin);
  if (!chunk.remainder.defined()) return kernels::adamw(weight, gradient, first, second, p.step);
  Tensor remainder = of(chunk.remainder, chunk.begin);
  kernels::adamw_split(weight, remainder, gradient, first, second, p.step);
}

}  // namespace

void Optimizer::step(model::ModelTensors& weights, const model::ModelTensors& gradients,
                     OptimizerState& state, double learning_rate, double norm, std::int64_t t) const {
  const double scale = settings_.clip > 0 && norm > settings_.clip ? settings_.clip / norm : 1;
  const std::vector<Tensor> g = flat(gradients, config_);
  std::vector<Stepped> all;
  std::int64_t begin = 0;
  model::for_each_parameter(
      weights, config_, [&](const std::string& name, const Tensor& x, model::ParameterKind kind) {
        const engine::ParameterGroup group = group_of(name, kind);
        all.push_back({x.view(-1),
                       g[all.size()].view(-1),
                       begin,
                       {learning_rate * group.learning_rate_scale, settings_.beta1, settings_.beta2,
                        settings_.epsilon, group.weight_decay, scale, t}});
        begin += x.numel();
      });
  state.for_each_chunk([&](const OptimizerState::Chunk& chunk) {
    for (const Stepped& parameter : all) step_overlap(parameter, chunk);
  });
}

}  // namespace film::train

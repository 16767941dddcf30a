#include "film/train/optimizer.h"

#include <cmath>

#include "film/kernels/kernels.h"

namespace film {
namespace {

const char* kind_name(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::embedding:
      return "embedding";
    case ParameterKind::norm:
      return "norm";
    case ParameterKind::linear:
      return "linear";
    case ParameterKind::head:
      return "head";
  }
  return "";
}

std::vector<Tensor> flat(const ModelTensors& tensors, const ModelConfig& config) {
  std::vector<Tensor> list;
  for_each_parameter(tensors, config,
                     [&](const std::string&, Tensor x, ParameterKind) { list.push_back(x); });
  return list;
}

}  // namespace

Optimizer::Optimizer(const OptimizerSettings& settings, const ModelConfig& config)
    : settings_(settings), config_(config) {}

ParameterGroup Optimizer::group_of(const std::string& name, ParameterKind kind) const {
  ParameterGroup chosen{"", 1, settings_.weight_decay};
  for (const ParameterGroup& group : settings_.groups)
    if (group.match == kind_name(kind) || name.find(group.match) != std::string::npos) chosen = group;
  return chosen;
}

double Optimizer::gradient_norm(const ModelTensors& gradients) const {
  double sum = 0;
  for (const Tensor& gradient : flat(gradients, config_)) sum += kernels::squared_norm(gradient);
  return std::sqrt(sum);
}

void Optimizer::step(ModelTensors& weights, const ModelTensors& gradients, ModelTensors& first_moment,
                     ModelTensors& second_moment, double learning_rate, double norm, std::int64_t t) const {
  const double scale = settings_.clip > 0 && norm > settings_.clip ? settings_.clip / norm : 1;
  const std::vector<Tensor> g = flat(gradients, config_), m = flat(first_moment, config_),
                            v = flat(second_moment, config_);
  std::size_t i = 0;
  for_each_parameter(weights, config_, [&](const std::string& name, Tensor x, ParameterKind kind) {
    const ParameterGroup group = group_of(name, kind);
    Tensor first = m[i], second = v[i];
    kernels::adamw(x, g[i], first, second,
                   {learning_rate * group.learning_rate_scale, settings_.beta1, settings_.beta2,
                    settings_.epsilon, group.weight_decay, scale, t});
    ++i;
  });
}

}  // namespace film

#include "film/model/parameters.h"

#include <algorithm>

#include "film/base/error.h"

namespace film::model {
namespace {

Range range_of(const Tensor& view) { return {view.storage_offset(), view.storage_offset() + view.numel()}; }

}  // namespace

Range overlap(const Range& a, const Range& b) {
  const std::int64_t begin = std::max(a.begin, b.begin);
  return {begin, std::max(begin, std::min(a.end, b.end))};
}

ParameterList::ParameterList(const engine::ModelConfig& config, const ModelTensors& weights,
                             const ModelTensors& gradients)
    : flat_weights_(weights.flat), flat_gradients_(gradients.flat) {
  for_each_parameter(weights, config, [&](const std::string& name, const Tensor& x, ParameterKind kind) {
    parameters_.push_back({.name = name, .weight = x, .gradient = {}, .kind = kind, .range = range_of(x)});
  });
  if (!gradients.flat.defined()) return;
  if (gradients.flat.numel() != weights.flat.numel())
    throw internal_error("gradients of another model than the weights");
  for (Parameter& p : parameters_)
    p.gradient = gradients.flat.narrow(0, p.range.begin, p.range.length()).view(p.weight.sizes());
}

void ParameterList::train_only(const ParameterFilter& is_trained) {
  for (Parameter& p : parameters_) p.trained = is_trained(p);
}

void ParameterList::zero_gradients() const {
  for (const Parameter& p : parameters_)
    if (p.trained) p.gradient.zero_();
}

Range ParameterList::owned(int rank, int ranks) const {
  const std::int64_t units = (elements() + kTensorAlignment - 1) / kTensorAlignment,
                     share = (units + ranks - 1) / ranks;
  const auto end_of = [&](std::int64_t r) { return std::min(elements(), r * share * kTensorAlignment); };
  return {end_of(rank), end_of(rank + 1)};
}

ModelTensors trained_gradients(const ModelTensors& gradients, const ParameterList& parameters) {
  ModelTensors trained = gradients;
  for_each_tensor(trained, [&](Tensor& x) {
    const Range range = range_of(x);
    const bool needed = std::ranges::any_of(
        parameters, [&](const Parameter& p) { return p.trained && overlap(p.range, range).length() > 0; });
    if (!needed) x = Tensor();
  });
  return trained;
}

}  // namespace film::model

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
    parameters_.push_back({.name = name,
                           .shape = x.sizes().vec(),
                           .held = {0, x.numel()},
                           .range = range_of(x),
                           .weight = x,
                           .gradient = {},
                           .kind = kind});
  });
  if (!gradients.flat.defined()) return;
  if (gradients.flat.numel() != weights.flat.numel())
    throw internal_error("gradients of another model than the weights");
  for (Parameter& p : parameters_)
    p.gradient = gradients.flat.narrow(0, p.range.begin, p.range.length()).view(p.weight.sizes());
}

ParameterList::ParameterList(const engine::ModelConfig& config, const GatheredTensors& gathered,
                             const Slices& slices, const GatherPart& gather)
    : flat_weights_(slices.weights), flat_gradients_(slices.gradients) {
  const engine::PartSizes sizes = part_sizes(slices.ranks, config);
  for_each_parameter(
      gathered.tensors, config, [&](const std::string& name, const Tensor& x, ParameterKind kind) {
        const auto layer = layer_of(name);
        const Tensor slice = layer ? slice_of_layer(flat_weights_, sizes, slices.ranks, *layer)
                                   : slice_of_ends(flat_weights_, sizes, slices.ranks);
        const Range in_part = range_of(x);  // as if the part's buffer were all there is
        const std::int64_t first = slices.rank * slice.numel();
        const Range here = overlap(in_part, {first, first + slice.numel()});
        const std::int64_t begin = here.length() > 0 ? slice.storage_offset() + here.begin - first : 0;
        parameters_.push_back({.name = name,
                               .shape = x.sizes().vec(),
                               .held = {here.begin - in_part.begin, here.end - in_part.begin},
                               .range = {begin, begin + here.length()},
                               .weight = flat_weights_.narrow(0, begin, here.length()),
                               .gradient = flat_gradients_.narrow(0, begin, here.length()),
                               .kind = kind,
                               .gather = [gather, layer, x] {
                                 gather(layer);
                                 return x;
                               }});
      });
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

#include "gathered_model.h"

#include <utility>

#include "film/kernels/kernels.h"

namespace film::train {

using engine::ModelConfig;

GatheredModel::GatheredModel(const ModelConfig& config, const at::TensorOptions& options, ranks::Group group,
                             ranks::Group copies)
    : group_(group),
      copies_(copies),
      layers_(static_cast<std::size_t>(config.num_hidden_layers)),
      sizes_(model::part_sizes(group.size(), config)),
      weights_(model::gathered_tensors(group.size(), config, options)),
      here_(weights_.buffers.size()),
      leaving_(weights_.buffers.size()) {
  const auto sums = options.dtype(kernels::opmath_type(weights_.ends));
  gradients_ = model::gathered_tensors(group.size(), config, sums);
  own_weights_ = at::zeros({sizes_.all() / group.size()}, options);
  own_gradients_ = at::zeros({sizes_.all() / group.size()}, sums);
  parameters_ =
      model::ParameterList(config, weights_, {group.rank(), group.size(), own_weights_, own_gradients_},
                           [this](std::optional<std::size_t> layer) {
                             if (layer)
                               need(*layer);
                             else
                               need_ends();
                           });
}

Tensor GatheredModel::own(const Tensor& slices, std::optional<std::size_t> layer) const {
  return layer ? model::slice_of_layer(slices, sizes_, group_.size(), *layer)
               : model::slice_of_ends(slices, sizes_, group_.size());
}

void GatheredModel::need_ends() {
  if (std::exchange(ends_here_, true)) return;
  group_.slice(weights_.ends).copy_(own(own_weights_, std::nullopt));
  group_.all_gather(weights_.ends)();
}

// Begins to gather a layer, unless it is here or on its way.
void GatheredModel::fetch(std::size_t layer) {
  Slot& slot = here_[layer % here_.size()];
  if (slot.layer == layer) return;
  const Tensor& buffer = weights_.buffer(layer);
  group_.slice(buffer).copy_(own(own_weights_, layer));
  slot = {layer, group_.all_gather(buffer)};
}

void GatheredModel::need(std::size_t layer) {
  fetch(layer);
  Slot& slot = here_[layer % here_.size()];
  if (slot.pending) std::exchange(slot.pending, {})();
}

void GatheredModel::before_forward(std::size_t layer) {
  need_ends();
  need(layer);
  if (layer + 1 < layers_) fetch(layer + 1);
}

void GatheredModel::before_backward(std::size_t layer) {
  need(layer);
  if (layer > 0) fetch(layer - 1);
  settle(leaving_[layer % leaving_.size()]);
  gradients_.buffer(layer).zero_();
}

void GatheredModel::after_backward(std::size_t layer, bool last) {
  leaving_[layer % leaving_.size()] = {layer, group_.reduce_scatter(gradients_.buffer(layer)), last};
}

// Adds what has come of a layer's gradients to this rank's slice.
void GatheredModel::settle(Slot& slot) {
  if (!slot.layer) return;
  const auto [layer, pending, last] = std::exchange(slot, {});
  pending();
  const Tensor sum = own(own_gradients_, *layer);
  sum.add_(group_.slice(gradients_.buffer(*layer)));
  if (last) send_to_copies(sum);
}

void GatheredModel::send_to_copies(const Tensor& slice) {
  if (copies_.size() > 1) to_copies_.push_back(copies_.sum(slice));
}

void GatheredModel::finish_gradients() {
  const ranks::Pending ends = group_.reduce_scatter(gradients_.ends);
  for (std::size_t layer = leaving_.size(); layer-- > 0;) settle(leaving_[layer]);
  ends();
  const Tensor sum = own(own_gradients_, std::nullopt);
  sum.add_(group_.slice(gradients_.ends));
  gradients_.ends.zero_();
  send_to_copies(sum);
  for (const ranks::Pending& pending : std::exchange(to_copies_, {})) pending();
}

void GatheredModel::forget() {
  for (Slot& slot : here_) slot = {};
  ends_here_ = false;
}

}  // namespace film::train

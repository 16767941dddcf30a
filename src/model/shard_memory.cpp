#include "film/model/shard_memory.h"

#include "make_tensors.h"

namespace film::model {

using engine::ModelConfig;
using engine::PartSizes;

PartSizes part_sizes(int slices, const ModelConfig& config) {
  Counter ends, layers;
  make_tensors(config, std::ref(ends), [&](std::int64_t) { return std::ref(layers); });
  const std::int64_t unit = kTensorAlignment * slices;
  return {.ends = aligned(ends.elements, unit),
          .layer = aligned(layers.elements / config.num_hidden_layers, unit),
          .layers = config.num_hidden_layers};
}

GatheredTensors gathered_tensors(int slices, const ModelConfig& config, const at::TensorOptions& options) {
  const PartSizes sizes = part_sizes(slices, config);
  GatheredTensors gathered;
  gathered.ends = at::zeros({sizes.ends}, options);
  for (std::int64_t i = 0; i < sizes.buffers(); ++i)
    gathered.buffers.push_back(at::zeros({sizes.layer}, options));
  Cursor ends(gathered.ends);
  gathered.tensors = make_tensors(config, std::ref(ends), [&](std::int64_t l) -> Allocate {
    return Cursor(gathered.buffer(static_cast<std::size_t>(l)));
  });
  return gathered;
}

Tensor slice_of_ends(const Tensor& slices, const PartSizes& sizes, int ranks) {
  return slices.narrow(0, 0, sizes.ends / ranks);
}

Tensor slice_of_layer(const Tensor& slices, const PartSizes& sizes, int ranks, std::size_t layer) {
  const std::int64_t length = sizes.layer / ranks;
  return slices.narrow(0, sizes.ends / ranks + static_cast<std::int64_t>(layer) * length, length);
}

}  // namespace film::model

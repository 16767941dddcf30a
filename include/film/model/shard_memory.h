#pragma once
// The memory of a model that ranks share: each keeps a slice of its ends (embedding, norm and head) and of every layer. In
// a pass the ends are whole, and of the layers as many at a time as there are buffers.
#include "film/engine/cluster.h"
#include "film/model/tensors.h"

namespace film::model {

// Elements of the parts of a model, each filled up to a multiple of kTensorAlignment x slices.
engine::PartSizes part_sizes(int slices, const engine::ModelConfig& config);

// Weights, or gradients, as passes read and write them.
struct GatheredTensors {
  ModelTensors tensors;         // without `flat`
  Tensor ends;                  // flat, as long as a part
  std::vector<Tensor> buffers;  // layer l is in the buffer l % buffers.size()
  const Tensor& buffer(std::size_t layer) const { return buffers[layer % buffers.size()]; }
};
// Zeros.
GatheredTensors gathered_tensors(int slices, const engine::ModelConfig& config,
                                 const at::TensorOptions& options);

// A rank's slices, one behind the other: first that of the ends, then that of each layer.
Tensor slice_of_ends(const Tensor& slices, const engine::PartSizes& sizes, int ranks);
Tensor slice_of_layer(const Tensor& slices, const engine::PartSizes& sizes, int ranks, std::size_t layer);

}  // namespace film::model

#pragma once
// Tensors by name, as models have them and as checkpoints store them.
#include "film/checkpoint/checkpoint.h"

namespace film::testing {

inline checkpoint::NamedTensors named_tensors(const model::ModelTensors& tensors,
                                              const engine::ModelConfig& config) {
  checkpoint::NamedTensors list;
  for_each_parameter(tensors, config, [&](const std::string& name, at::Tensor x, model::ParameterKind) {
    list.emplace_back(name, x);
  });
  return list;
}

inline checkpoint::NamedTensors named_tensors(const model::ParameterList& parameters) {
  checkpoint::NamedTensors list;
  for (const model::Parameter& p : parameters) list.emplace_back(p.name, p.weight);
  return list;
}

inline std::vector<checkpoint::StoredTensor> stored(const checkpoint::NamedTensors& tensors) {
  std::vector<checkpoint::StoredTensor> list;
  for (const auto& [name, x] : tensors) list.push_back(checkpoint::stored(name, x));
  return list;
}

// Copies of what a checkpoint would hold.
inline checkpoint::NamedTensors contents(const std::vector<checkpoint::StoredTensor>& tensors) {
  checkpoint::NamedTensors list;
  for (const checkpoint::StoredTensor& tensor : tensors) {
    const at::Tensor x = at::empty(tensor.source.shape, tensor.source.type);
    checkpoint::for_each_piece(x.numel(), [&](std::int64_t begin, std::int64_t end) {
      x.view(-1).slice(0, begin, end).copy_(tensor.source.elements(begin, end));
    });
    list.emplace_back(tensor.source.name, x);
  }
  return list;
}

}  // namespace film::testing

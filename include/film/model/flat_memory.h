#pragma once
// Tensors of a model over a flat buffer that divides by the processes of a run.
#include "film/model/tensors.h"

namespace film::model {

// Elements of that buffer.
std::int64_t flat_elements(int slices, const engine::ModelConfig& config);

// As empty_tensors and zero_tensors; the buffer's length is a multiple of kTensorAlignment x slices, filled up with
// zeros that belong to no parameter.
ModelTensors empty_tensors_for(int slices, const engine::ModelConfig& config,
                               const at::TensorOptions& options);
ModelTensors zero_tensors_for(int slices, const engine::ModelConfig& config,
                              const at::TensorOptions& options);

}  // namespace film::model

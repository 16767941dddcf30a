#pragma once
// Weights and their fp32 masters between memory and disk, a piece at a time. In memory a master is an fp32
// weight, or a bf16 weight with an int16 remainder; on disk it is one or the other too (kernels.h,
// split_master). Either side may have either form: nothing is lost on the way.
#include "film/checkpoint/safetensors.h"
#include "film/model/tensors.h"

namespace film::checkpoint {

struct Parameter {
  std::string name;
  Tensor weight;
  Tensor remainder;  // undefined where the weight is all there is
};

// Parameters in the order of for_each_parameter. `remainders`: empty, or one int16 tensor for each of them
// under the same name; throws internal_error otherwise.
std::vector<Parameter> parameters(const model::ModelTensors& weights, const engine::ModelConfig& config,
                                  const NamedTensors& remainders);

// What a folder stores as the weight and as its remainder. As bf16 a weight is the master rounded, ties away
// from zero, so that weight and remainder give the master back.
TensorSource weight_source(const Parameter& parameter, at::ScalarType type);
TensorSource remainder_source(const Parameter& parameter);

// Fills a parameter from disk. `remainders` may be null: then the stored weight is the master. Throws
// bad_data if shapes or types do not fit.
void read_parameter(const Parameter& parameter, const SafetensorsFile& weights,
                    const SafetensorsFile* remainders);

// load_weights (hugging_face.h) with stored remainders, or null.
void load_masters(const fs::path& folder, const SafetensorsFile* stored_remainders,
                  const engine::ModelConfig& config, const model::ModelTensors& weights,
                  const NamedTensors& remainders, const Release& release);

}  // namespace film::checkpoint

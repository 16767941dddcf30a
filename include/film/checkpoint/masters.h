#pragma once
// Weights and their fp32 masters between memory and disk, a piece at a time. In memory a master is an fp32
// weight, or a bf16 weight with an int16 remainder; on disk it is one or the other too (kernels.h,
// split_master). Either side may have either form: nothing is lost on the way.
#include <optional>

#include "film/checkpoint/state_files.h"
#include "film/model/parameters.h"

namespace film::checkpoint {

struct Master {
  model::Parameter parameter;
  std::optional<StoredTensor> remainder;  // none where the weight is all there is
};

// In the order of the list. `remainders`: empty, or one int16 tensor for each parameter under the same name;
// throws internal_error otherwise.
std::vector<Master> masters_of(const model::ParameterList& parameters,
                               const std::vector<StoredTensor>& remainders);

// What a folder stores as the weight and as its remainder. As bf16 a weight is the master rounded, ties away
// from zero, so that weight and remainder give the master back.
// The weight is all of it; of the remainder, what this process holds.
TensorSource weight_source(const Master& master, at::ScalarType type);
StoredTensor remainder_of(const Master& master);

// Sets elements from `begin` on, those that are held, of a master as a tensor of any floating type on the CPU.
void set_master(const Master& master, std::int64_t begin, const Tensor& piece);

// Fills what is held of a master from disk. `remainders` may be null: then the stored weight is the master. Throws bad_data
// if shapes or types do not fit.
void read_master(const Master& master, const SafetensorsFile& weights, const StateFiles* remainders);

}  // namespace film::checkpoint

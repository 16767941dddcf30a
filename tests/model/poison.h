#pragma once
// NaN wherever a pass must not read: in every saved activation before the pass, and in those of a layer once
// its backward is done.
#include <limits>

#include "film/model/mistral.h"

namespace film::testing {

inline void poison(const model::ActivationBuffers& buffers, std::size_t layer, std::size_t layers) {
  model::SavedActivations s =
      buffers.layer(layer, buffers.rows(), layer + 1 == layers ? buffers.answer_rows() : buffers.rows());
  for (at::Tensor* x : {&s.x_TD, &s.rstd_T, &s.query_QNH, &s.key_value_TKH, &s.attention_QNH, &s.lse_QN,
                        &s.middle_QD, &s.middle_rstd_Q, &s.gate_up_QG})
    if (x->defined()) x->fill_(std::numeric_limits<double>::quiet_NaN());
}

// Options of a pass over `buffers`, poisoned now and as it goes.
inline model::PassOptions poisoned_pass(model::ActivationBuffers& buffers, std::size_t layers,
                                        bool answer_rows_only = true) {
  for (std::size_t l = 0; l < layers; ++l) poison(buffers, l, layers);
  return {.answer_rows_only = answer_rows_only,
          .activations = &buffers,
          .layer_done = [&buffers, layers](std::size_t l) { poison(buffers, l, layers); }};
}

}  // namespace film::testing

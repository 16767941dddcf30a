#pragma once
// What stays in memory between a pass's forward and its backward: allocated once for the longest pack, used
// by every pass. T rows, Q query rows (answer rows in the last layer), D hidden, N query heads, M key heads,
// H head size, G 2 x feed-forward width.
#include <vector>

#include "film/engine/memory_plan.h"
#include "film/model/tensors.h"

namespace film::model {

// One layer's share. Undefined: not saved, computed again in the backward. Layer input and the reciprocal
// standard deviations of both norms are always saved.
struct SavedActivations {
  Tensor x_TD, rstd_T, query_QNH, key_value_TKH, attention_QNH, lse_QN, middle_QD, middle_rstd_Q, gate_up_QG;
};

// The least that a layer over input x_TD saves, with new tensors for the statistics of Q query rows.
SavedActivations least_saved(const Tensor& x_TD, std::int64_t Q);

class ActivationBuffers {
 public:
  // Room for passes of up to `rows` rows of this process of which `answer_rows` carry loss. saved: one entry per layer.
  // options: type and device.
  ActivationBuffers(const engine::ModelConfig& config, const std::vector<engine::ActivationSet>& saved,
                    std::int64_t rows, std::int64_t answer_rows, const at::TensorOptions& options);

  // Views of layer `l` for a pass of T rows with Q query rows; of the log-sum-exp for `lse_rows` rows in some of the heads,
  // where ranks compute sequences together.
  SavedActivations layer(std::size_t l, std::int64_t T, std::int64_t Q) const;
  SavedActivations layer(std::size_t l, std::int64_t T, std::int64_t Q, std::int64_t lse_rows,
                         int ranks) const;
  Tensor input(std::size_t l, std::int64_t T) const { return layers_[l].x_TD.narrow(0, 0, T); }
  std::int64_t rows() const { return rows_; }
  std::int64_t answer_rows() const { return answer_rows_; }

 private:
  std::int64_t rows_, answer_rows_;
  std::vector<SavedActivations> layers_;
};

}  // namespace film::model

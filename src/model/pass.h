#pragma once
// The rows, plans and rotary tables of one pass over one pack, where the weights are.
#include <optional>

#include "film/model/mistral.h"

namespace film::model {

// This rank's rows of a pack: all, unless ranks compute it together.
struct OwnRows {
  OwnRows(const batches::Pack& pack, const SequencePart* sequence);

  batches::Span span, answers;  // of the pack's rows, and of its loss rows
  std::optional<SharedRows> shared, last_shared;
};

struct Pass {
  Pass(const engine::ModelConfig& config, const batches::Pack& pack, const Tensor& weight,
       const PassOptions& options);

  BlockInput input(const engine::ModelConfig& config, bool last) const;
  SavedActivations saved(const ActivationBuffers& buffers, std::size_t layer, const BlockInput& input) const;

  OwnRows rows;
  AttentionPlan plan, last_plan;
  RopeTable rope, last_rope;
  Tensor ids, loss_rows;  // loss rows are counted from this rank's first row
};

// The elements of a list that belong to some rows, on the device of `like`.
Tensor ids_on(const Tensor& like, const text::TokenIds& ids, const batches::Span& span);
Tensor numbers_on(const Tensor& like, const std::vector<double>& list, const batches::Span& span);

}  // namespace film::model

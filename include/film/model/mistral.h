#pragma once
// The whole model over one pack: loss, and gradients added to `gradients`.
#include "film/batches/pack.h"
#include "film/model/block.h"

namespace film::model {

struct PackResult {
  double loss = 0;                        // weighted sum over the loss rows
  std::vector<double> row_loss;           // -log p(target), one per loss row
  std::vector<std::uint8_t> row_correct;  // 1 where the target has the highest logit
};

struct PassOptions {
  // Head and, in the last layer, everything after keys and values run on answer rows only. Off: the plain
  // path, for tests and for logits of every row.
  bool answer_rows_only = true;
  // Where activations are kept, with room for the pack; null: a place of its own that keeps everything.
  Activations* memory = nullptr;
  // For tests: fills every layer's activations with NaN before the pass and after the layer's backward.
  bool poison = false;
};

// Loss alone when `gradients` is null. Throws nothing but Torch's errors: packs are made by us.
PackResult run_pack(const engine::ModelConfig& config, const ModelTensors& weights, const batches::Pack& pack,
                    ModelTensors* gradients, const PassOptions& options = {});

// Logits of every row, [T, V]: for parity tests.
Tensor all_logits(const engine::ModelConfig& config, const ModelTensors& weights, const batches::Pack& pack);

// Final norm and head: log-probabilities are formed by the caller.
Tensor head_logits(const engine::ModelConfig& config, const ModelTensors& weights, const Tensor& x_RD);

}  // namespace film::model

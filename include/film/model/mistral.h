#pragma once
// The whole model over one pack: loss, and gradients added to `gradients`.
#include <functional>

#include "film/batches/pack.h"
#include "film/model/block.h"

namespace film::model {

struct PackResult {
  double loss = 0;                        // weighted sum over the loss rows
  std::vector<double> row_loss;           // -log p(target), one per loss row that this process computed
  std::vector<std::uint8_t> row_correct;  // 1 where the target has the highest logit
};

struct PassOptions {
  // Head and, in the last layer, everything after keys and values run on answer rows only. Off: the plain
  // path, for tests and for logits of every row.
  bool answer_rows_only = true;
  // Where activations are saved, with room for the pack; null: buffers of its own that save everything.
  ActivationBuffers* activations = nullptr;
  // Called before a layer is read: in the forward, and then in the backward, where its gradients are added to. May be empty.
  std::function<void(std::size_t layer)> before_forward = {}, before_backward = {};
  // Called in the backward after each layer, the last layer first: its gradients are complete and its saved
  // activations are not read any more. May be empty.
  std::function<void(std::size_t layer)> layer_done = {};
  // Ranks that compute the pack together, all with the same pack; loss and hits are those of all rows, row losses and
  // gradients those of this rank's. With answer_rows_only. Null: alone.
  const SequencePart* sequence = nullptr;
};

// What a pass calls without a pack: a process that has none takes part in what the others exchange.
void idle_pass(std::size_t layers, const PassOptions& options);

// Loss alone when `gradients` is null; undefined tensors in it are left out. Throws nothing but Torch's
// errors: packs are made by us.
PackResult run_pack(const engine::ModelConfig& config, const ModelTensors& weights, const batches::Pack& pack,
                    ModelTensors* gradients, const PassOptions& options = {});

// Logits of every row, [T, V]: for parity tests.
Tensor all_logits(const engine::ModelConfig& config, const ModelTensors& weights, const batches::Pack& pack);

// Final norm and head: log-probabilities are formed by the caller.
Tensor head_logits(const engine::ModelConfig& config, const ModelTensors& weights, const Tensor& x_RD);

}  // namespace film::model

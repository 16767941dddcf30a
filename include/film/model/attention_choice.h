#pragma once
// Which of a GPU's calls attention may take: a choice of the process, kept where Torch keeps its own. On a CPU it
// changes nothing.
#include <string>

#include "film/engine/train_settings.h"

namespace film::model {

// Once, after the device is open and before anything is computed. deterministic: calls whose sums always run in the
// same order, so that a run repeats bit for bit; they are slower, and cuDNN has none.
void choose_attention(engine::AttentionChoice choice, bool deterministic);

// Rows of the longest causal sequence that a GPU computes: any number where a fused call takes such heads, else as many
// as its scores have room for (kUnfusedCells).
std::int64_t longest_on_gpu(engine::Precision precision, std::int64_t heads, std::int64_t head_dim);

bool may_use_cudnn();
// FlashAttention instead of cuDNN from here on, with a line in the log that says why. Both mean the same by a
// log-sum-exp, so a backward by one takes a forward by the other.
void leave_cudnn(const std::string& why);

}  // namespace film::model

#pragma once
// The second half of attention planning: from tiles as the pack has them to tiles that a device's calls take.
#include "film/model/attention.h"

namespace film::model {

inline constexpr std::int64_t kMaskCells = 1 << 18;  // largest explicit mask: 1 MiB of fp32
inline constexpr std::int64_t kBlockRows = 256;      // query rows of one tile where a mask is needed anyway

// Tiles of `plan` may have a window, or be causal sequences end to end (seqlens, without cu_seqlens). The
// result has what `kinds` allows, in the order of `plan`, with `first` and cu_seqlens set. Masks have type
// and device of `options`.
AttentionPlan lowered(AttentionPlan plan, const at::TensorOptions& options, TileKinds kinds);

}  // namespace film::model

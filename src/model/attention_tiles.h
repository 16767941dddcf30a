#pragma once
// One tile of an attention plan by one of five ways, behind one shape: rows first, heads second.
#include <c10/util/Exception.h>

#include "film/model/attention.h"
#include "film/model/attention_choice.h"

namespace film::model {

enum class TileBackend {
  cpu_blocks,  // film's own (film/kernels/attention.h)
  cpu_flash,   // Torch's: what ours does not take
  cudnn,       // Hopper's fastest; builds a graph for every new length, so only the padded lengths go there
  cuda_flash,  // every other length, windows, short sequences end to end
  unfused      // scores in memory: masks, and what no fused call takes; bounded by kUnfusedCells
};

// Scores (heads x queries x keys) that may be in memory at once.
inline constexpr std::int64_t kUnfusedCells = std::int64_t{1} << 28;

// What FlashAttention 2 takes.
bool is_fusable(at::ScalarType type, std::int64_t head_dim);

// The way of a tile of queries like q_QNH.
TileBackend backend_of(const Tensor& q_QNH, const Tile& tile);

struct TileOutput {
  Tensor out_qNH, lse_qN;
};
struct TileGradients {
  Tensor query_qNH, key_kMH, value_kMH;
};

// q, k and v are the rows of the tile. Throws c10::Error when nothing takes the tile.
TileOutput tile_forward(const Tensor& q_qNH, const Tensor& k_kMH, const Tensor& v_kMH, const Tile& tile);
// out and lse are those of all tiles of these rows, merged.
TileGradients tile_backward(const Tensor& dout_qNH, const Tensor& q_qNH, const Tensor& k_kMH,
                            const Tensor& v_kMH, const Tensor& out_qNH, const Tensor& lse_qN,
                            const Tile& tile);

// What cuDNN gives; once it has refused, what FlashAttention gives, then and for the rest of the process. A lack of
// memory is no refusal.
template <class Cudnn, class Flash>
auto cudnn_or_flash(const Cudnn& cudnn, const Flash& flash) {
  try {
    return cudnn();
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    leave_cudnn("cuDNN refused: " + text.substr(0, text.find('\n')));
  }
  return flash();
}

// attention_unfused.cpp
TileOutput unfused_forward(const Tensor& q_qNH, const Tensor& k_kMH, const Tensor& v_kMH, const Tile& tile);
TileGradients unfused_backward(const Tensor& dout_qNH, const Tensor& q_qNH, const Tensor& k_kMH,
                               const Tensor& v_kMH, const Tensor& out_qNH, const Tensor& lse_qN,
                               const Tile& tile);

}  // namespace film::model

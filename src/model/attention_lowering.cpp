#include "attention_lowering.h"

#include <functional>
#include <limits>

namespace film::model {
namespace {

using batches::Span;

constexpr std::int64_t kLongSequence = 2048;  // rows: worth a call of its own on a GPU

// A mask [queries, keys] that shows keys [first(i), last(i)] of the tile to query i.
Tensor mask_of_ranges(std::int64_t queries, std::int64_t keys,
                      const std::function<std::int64_t(std::int64_t)>& first,
                      const std::function<std::int64_t(std::int64_t)>& last) {
  Tensor mask = at::full({queries, keys}, -std::numeric_limits<float>::infinity(), at::kFloat);
  auto* cells = mask.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < queries; ++i)
    for (std::int64_t key = first(i); key <= last(i); ++key) cells[i * keys + key] = 0;
  return mask;
}

// The causal sequences of a tile, each a tile of its own.
AttentionPlan separate(const Tile& tile) {
  AttentionPlan tiles;
  std::int64_t begin = 0;
  for (const std::int64_t length : tile.seqlens) {
    tiles.push_back({{tile.queries.begin + begin, length}, {tile.keys.begin + begin, length}, true});
    begin += length;
  }
  return tiles;
}

// Short sequences end to end as one masked tile.
Tile masked_sequences(const Tile& tile, const at::TensorOptions& options) {
  std::vector<std::int64_t> start_of_row;
  for (const std::int64_t length : tile.seqlens)
    start_of_row.insert(start_of_row.end(), static_cast<std::size_t>(length),
                        static_cast<std::int64_t>(start_of_row.size()));
  const std::int64_t rows = tile.queries.length;
  const Tensor mask = mask_of_ranges(
      rows, rows, [&](std::int64_t i) { return start_of_row[static_cast<std::size_t>(i)]; },
      [](std::int64_t i) { return i; });
  return {tile.queries, tile.keys, false, mask.to(options)};
}

// A causal window in blocks of rows, each masked over the keys that some row of it sees.
void add_bands(AttentionPlan& plan, const Tile& tile, const at::TensorOptions& options) {
  const std::int64_t rows = tile.queries.length, left = tile.window_left;
  for (std::int64_t begin = 0; begin < rows; begin += kBlockRows) {
    const std::int64_t count = std::min(kBlockRows, rows - begin),
                       low = std::max<std::int64_t>(0, begin - left), keys = begin + count - low;
    const Tensor mask = mask_of_ranges(
        count, keys, [&](std::int64_t i) { return std::max<std::int64_t>(0, begin + i - left - low); },
        [&](std::int64_t i) { return begin + i - low; });
    plan.push_back(
        {{tile.queries.begin + begin, count}, {tile.keys.begin + low, keys}, false, mask.to(options)});
  }
}

// A window over keys before the queries row by row: each row begins at another key.
void add_rows(AttentionPlan& plan, const Tile& tile) {
  const std::int64_t offset = tile.keys.length - tile.queries.length - tile.window_left;
  for (std::int64_t i = 0; i < tile.queries.length; ++i) {
    const std::int64_t low = std::max<std::int64_t>(0, i + offset);
    plan.push_back({{tile.queries.begin + i, 1}, {tile.keys.begin + low, tile.keys.length - low}});
  }
}

// The CPU's fused call knows masks, but neither windows nor several sequences.
AttentionPlan for_cpu(const AttentionPlan& plan, const at::TensorOptions& options) {
  AttentionPlan tiles;
  for (const Tile& tile : plan) {
    if (!tile.seqlens.empty() && tile.queries.length * tile.queries.length <= kMaskCells) {
      tiles.push_back(masked_sequences(tile, options));
    } else if (!tile.seqlens.empty()) {
      for (Tile& sequence : separate(tile)) tiles.push_back(std::move(sequence));
    } else if (tile.window_left >= 0 && tile.causal) {
      add_bands(tiles, tile, options);
    } else if (tile.window_left >= 0) {
      add_rows(tiles, tile);
    } else {
      tiles.push_back(tile);
    }
  }
  return tiles;
}

// Tells each tile whether it is the first to write its rows (else it is merged).
void mark_first(AttentionPlan& plan) {
  std::vector<bool> written;
  for (Tile& tile : plan) {
    if (static_cast<std::int64_t>(written.size()) < tile.queries.end())
      written.resize(static_cast<std::size_t>(tile.queries.end()));
    const auto begin = written.begin() + tile.queries.begin, end = written.begin() + tile.queries.end();
    tile.first = std::none_of(begin, end, [](bool w) { return w; });
    std::fill(begin, end, true);
  }
}

// Whether a short causal sequence may join the tile before it.
bool joins(const Tile& before, const Tile& tile) {
  const bool is_short = tile.causal && tile.queries.length < kLongSequence;
  return is_short && before.causal && (!before.seqlens.empty() || before.queries.length < kLongSequence) &&
         before.queries.end() == tile.queries.begin && before.keys.end() == tile.keys.begin &&
         before.window_left == tile.window_left && before.first == tile.first;
}

void set_cu_seqlens(Tile& tile, const at::Device& device) {
  if (tile.seqlens.empty()) return;
  std::vector<std::int32_t> begins = {0};
  for (const std::int64_t length : tile.seqlens)
    begins.push_back(begins.back() + static_cast<std::int32_t>(length));
  tile.cu_seqlens = at::tensor(begins, at::kInt).to(device);
}

// Neighbours that are short causal sequences become one tile, also across groups: a GPU is slow to
// start on many.
AttentionPlan joined(AttentionPlan plan, const at::Device& device) {
  AttentionPlan tiles;
  for (Tile& tile : plan) {
    if (tiles.empty() || !joins(tiles.back(), tile)) {
      tiles.push_back(std::move(tile));
      continue;
    }
    Tile& before = tiles.back();
    if (before.seqlens.empty()) before.seqlens = {before.queries.length};
    before.seqlens.push_back(tile.queries.length);
    before.queries.length += tile.queries.length;
    before.keys.length += tile.keys.length;
  }
  for (Tile& tile : tiles) set_cu_seqlens(tile, device);
  return tiles;
}

AttentionPlan separated(const AttentionPlan& plan) {
  AttentionPlan tiles;
  for (const Tile& tile : plan) {
    if (tile.seqlens.empty())
      tiles.push_back(tile);
    else
      for (Tile& sequence : separate(tile)) tiles.push_back(std::move(sequence));
  }
  return tiles;
}

}  // namespace

AttentionPlan lowered(AttentionPlan plan, const at::TensorOptions& options, TileKinds kinds) {
  AttentionPlan tiles = kinds == TileKinds::cpu ? for_cpu(plan, options) : separated(plan);
  mark_first(tiles);
  return kinds == TileKinds::cpu ? tiles : joined(std::move(tiles), options.device());
}

}  // namespace film::model

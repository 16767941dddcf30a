#pragma once
// Whole sequences laid end to end for one forward and backward pass. Attention never crosses sequences;
// positions restart in each. Several questions on one context stand behind it as pieces: every piece sees the
// context and itself, and its positions go on where the context ends, as if it stood there alone.
#include <cstdint>
#include <vector>

#include "film/text/tokenizer.h"

namespace film {

// Token rows [begin, begin + length) of a pack.
struct Span {
  std::int64_t begin = 0;
  std::int64_t length = 0;
  std::int64_t end() const { return begin + length; }
};

// One context (may be empty) and its pieces, adjacent in this order.
struct Group {
  Span context;
  std::vector<Span> pieces;
  std::int64_t end() const { return pieces.empty() ? context.end() : pieces.back().end(); }
};

struct Pack {
  TokenIds ids;                         // one per row
  std::vector<std::int64_t> positions;  // of each row, for rotary embedding
  std::vector<Group> groups;            // cover all rows, in order
  // Loss: row r predicts target; ascending, all inside pieces.
  std::vector<std::int64_t> loss_rows;
  TokenIds targets;                 // one per loss row
  std::vector<double> weights;      // one per loss row; the loss is the weighted sum
  std::vector<std::int32_t> pairs;  // which question/answer pair of the pack the loss row belongs to, from 0
  std::int32_t pair_count = 0;

  std::int64_t rows() const { return static_cast<std::int64_t>(ids.size()); }
};

}  // namespace film

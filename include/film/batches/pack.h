#pragma once
// Whole sequences laid end to end for one forward and backward pass. Attention never crosses sequences;
// positions restart in each. Several questions on one context follow it as continuations: every continuation
// sees the context and itself, and its positions go on where the context ends, as if it were the only one.
//
// A sequence may be padded to a bucket's length (plan_packs.h). Pad rows have id 0 and no loss, their
// positions count on, and they are where causality alone hides them from every other row:
//   one continuation:       [context][continuation][padding]
//   several continuations:  [context][padding][continuation][continuation]...
// What a pad row computes reaches no loss, and its gradient is exactly zero.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "film/text/tokenizer.h"

namespace film::batches {

// Token rows [begin, begin + length) of a pack.
struct Span {
  std::int64_t begin = 0;
  std::int64_t length = 0;
  std::int64_t end() const { return begin + length; }
};

// One context (may be empty), its continuations and its pad rows, adjacent in the order given above.
struct Group {
  Span context;
  std::vector<Span> continuations;
  Span padding = {};  // length 0: none
  std::int64_t end() const {
    return std::max({context.end(), continuations.empty() ? 0 : continuations.back().end(), padding.end()});
  }
};

struct Pack {
  text::TokenIds ids;                   // one per row
  std::vector<std::int64_t> positions;  // of each row, for rotary embedding
  std::vector<Group> groups;            // cover all rows, in order
  // Loss: row r predicts target; ascending, all inside continuations.
  std::vector<std::int64_t> loss_rows;
  text::TokenIds targets;           // one per loss row
  std::vector<double> weights;      // one per loss row; the loss is the weighted sum
  std::vector<std::int32_t> pairs;  // which question/answer pair of the pack the loss row belongs to, from 0
  std::int32_t pair_count = 0;

  std::int64_t rows() const { return static_cast<std::int64_t>(ids.size()); }
  std::int64_t padding_rows() const {
    std::int64_t rows = 0;
    for (const Group& group : groups) rows += group.padding.length;
    return rows;
  }
};

}  // namespace film::batches

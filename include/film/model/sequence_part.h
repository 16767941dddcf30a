#pragma once
// Sequences that several ranks compute together (Ulysses, arXiv:2309.14509): each has consecutive rows of a pack, and within
// attention all rows of some of the heads. n ranks, T rows of the pack, t of them this rank's; Q and q of those that are
// queries.
#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "film/batches/pack.h"

namespace film::model {

using at::Tensor;
using RowCounts = std::vector<std::int64_t>;  // by rank

struct SequencePart {
  int rank = 0, ranks = 1;
  // Parts of `in`, of so many elements for each rank, to the ranks; what they sent, in their order, into `out`.
  std::function<void(const Tensor& in, const RowCounts& in_parts, const Tensor& out,
                     const RowCounts& out_parts)>
      swap;

  // Rows of a pack of T rows that a rank has; and how many each.
  batches::Span rows(std::int64_t T, int of_rank) const;
  RowCounts counts(std::int64_t T) const;
  // Of ascending rows of the pack, how many lie in each rank's part.
  RowCounts counts(const std::vector<std::int64_t>& rows, std::int64_t T) const;
};

// Numbers that each rank has, as many as `counts` says, on all of them in the order of ranks; exchanged on `device`.
std::vector<double> numbers_of_all(const SequencePart& part, const std::vector<double>& own,
                                   const RowCounts& counts, const at::Device& device);

// Of the first `ranks` ranks.
std::int64_t sum_of(const RowCounts& counts, int ranks);

// Between rows and heads. parts: 1 for queries, 2 for keys beside values; each is shared out by heads.
// [t, parts x heads, H] -> [T, parts x heads / n, H]
Tensor to_heads(const SequencePart& part, const Tensor& x, const RowCounts& rows, int parts);
// And back.
Tensor to_rows(const SequencePart& part, const Tensor& x, const RowCounts& rows, int parts);

}  // namespace film::model

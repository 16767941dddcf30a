#pragma once
// Which sequences of a training step go into one pack: few packs, none over its rows, of about the same cost.
// Only the shapes of the examples are needed.
#include <cstddef>
#include <string>
#include <vector>

#include "film/batches/shape.h"

namespace film::batches {

// How answer tokens are weighed; the weights of a step sum to 1 whatever the packing.
//   sample: mean over pairs of each pair's mean over its answer tokens.
//   token:  mean over all answer tokens.
enum class LossWeighting { sample, token };
LossWeighting loss_weighting(const std::string& name);  // throws config_error

// The two costs are floating-point operations of forward and backward; only their ratio shapes the packs. The
// backward takes twice the forward, hence the 3. The defaults are those of Mistral-7B. The head, which runs
// on answer rows alone, and a sliding window, which v0.2 does not have, are left out.
struct PackOptions {
  std::int64_t budget = 32768;  // rows of a pack, padding included; a longer sequence stands alone
  LossWeighting weighting = LossWeighting::sample;
  bool share_context = true;  // false: a context is repeated for each of its pairs
  bool pad_lengths = false;   // every sequence is padded to its length_class, but not past the budget
  // A row multiplies and adds once for each of the 6.98e9 weights in the matrices of the layers.
  double token_cost = 3 * 2 * 6.98e9;
  // A row and a row that it sees multiply and add twice (q k^T, then p v) in each of 32 layers over 32 heads
  // of 128. A sequence of n rows sees n (n + 1) / 2 pairs, so it costs half of this times n^2.
  double pair_cost = 3 * 4 * 4096.0 * 32;
};

// A sequence of a pack: pairs [first_pair, first_pair + pair_count) of an example behind its context.
struct PlannedSequence {
  std::size_t example = 0;  // number in the step
  std::size_t first_pair = 0;
  std::size_t pair_count = 0;
  std::int64_t padding = 0;  // rows
};

struct PackPlan {
  std::vector<PlannedSequence> sequences;  // ascending
  std::int64_t rows = 0;                   // padding included
  std::int64_t loss_rows = 0;
  double cost = 0;  // floating-point operations
};

// Every pair of the step stands in exactly one sequence: with share_context an example's pairs in one, else
// each in its own. (An example without pairs teaches nothing and gets none.) The number of packs is what
// best-fit decreasing needs; then sequences are exchanged between packs as long as that makes the dearer of
// two packs cheaper. The same for the same shapes and options; packs in the order of their first sequence.
std::vector<PackPlan> plan_packs(const std::vector<ExampleShape>& step, const PackOptions& options);

// Rows that a sequence of `rows` rows is padded to: a multiple of 256 up to 8,192 rows, of 1,024 beyond. So
// there are 56 lengths up to 32,768, and from 2,048 rows on less than an eighth is padding.
std::int64_t length_class(std::int64_t rows);

}  // namespace film::batches

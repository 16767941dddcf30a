#pragma once
// Which sequences of a training step go into one pack: few packs, none over its rows, of about the same cost.
// Only the shapes of the examples are needed.
#include <cstddef>
#include <vector>

#include "film/batches/shape.h"
#include "film/engine/train_settings.h"

namespace film::batches {

// Floating-point operations of forward and backward; only their ratio shapes the packs. The head, which runs
// on answer rows alone, and a sliding window are left out.
struct PackCosts {
  PackCosts(double of_row, double of_pair) : row(of_row), pair(of_pair) {}
  double row;   // of a row
  double pair;  // of a row and a row that it sees
};
// The backward takes twice the forward, hence a factor of 3. A row multiplies and adds once for each weight
// in the matrices of the layers. A row and a row that it sees multiply and add twice (q k^T, then p v) in
// each layer over the query width; a sequence of n rows sees n (n + 1) / 2 pairs.
PackCosts pack_costs(const engine::ModelConfig& config);

struct PackOptions {
  PackCosts costs;
  std::int64_t budget = 32768;  // rows of a pack, padding included; a longer sequence has one of its own
  engine::LossWeighting weighting = engine::LossWeighting::sample;
  bool share_context = true;  // false: a context is repeated for each of its pairs
  bool pad_lengths = false;   // the causal part of a sequence is padded to its bucket_length (padding_of)
  std::int64_t pad_from = 0;  // where that is shorter than this, it stays as it is
  std::size_t multiple = 1;   // of how many the number of packs is, where there are as many sequences
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

// Every pair of the step is in exactly one sequence: with share_context an example's pairs in one, else each
// in its own. (An example without pairs teaches nothing and gets none.) The number of packs is what best-fit
// decreasing needs; then sequences are swapped between packs as long as that makes the costlier of two packs
// cheaper. The same for the same shapes and options; packs in the order of their first sequence.
std::vector<PackPlan> plan_packs(const std::vector<ExampleShape>& step, const PackOptions& options);

// Numbers of the packs that each of `teams` computes, ascending: the costliest first, each to whoever has least to do. Some
// may get none.
std::vector<std::vector<std::size_t>> share_packs(const std::vector<PackPlan>& packs, int teams);
// The same for teams that wait for each other in every pass: those of a pass are of about the same cost, the costliest come
// first, and none has more than one pack more than another.
std::vector<std::vector<std::size_t>> share_packs_in_step(const std::vector<PackPlan>& packs, int teams);

// Rows that a sequence of `rows` rows is padded to: a multiple of kBucketStep up to kShortRows, of
// kLongBucketStep beyond. So there are 56 lengths up to 32,768, and from 2,048 rows on less than an
// eighth is padding.
inline constexpr std::int64_t kBucketStep = 256, kShortRows = 8192, kLongBucketStep = 1024;
std::int64_t bucket_length(std::int64_t rows);

// Pad rows of a sequence: they give its causal part the length of a bucket. With several pairs that part is the
// context alone, else all of it. What would not fit the budget then gets the next multiple of kBucketStep, or nothing.
std::int64_t padding_of(const ExampleShape& sequence, const PackOptions& options);

}  // namespace film::batches

#include "pass_cost.h"

#include <algorithm>

namespace film::train {
namespace {

double triangle(double n) { return n * (n + 1) / 2; }

}  // namespace

// Where pad rows are: batches/pack.h.
void PassCost::add(const batches::ExampleShape& e, const batches::PlannedSequence& sequence) {
  const auto C = static_cast<double>(e.context), padding = static_cast<double>(sequence.padding);
  const double before = visible;
  double causal = C, own = 0;  // rows of the causal sequence; of the pairs
  rows += C;
  visible += triangle(C);
  for (std::size_t i = 0; i < sequence.pair_count; ++i) {
    const batches::PairShape& pair = e.pairs[sequence.first_pair + i];
    const auto p = static_cast<double>(pair.rows()), a = static_cast<double>(pair.loss_tokens());
    own += p;
    answers += a;
    visible += p * C + triangle(p);
    answer_visible += a * (C + p);
  }
  rows += own;
  padded_rows += C + own + padding;
  if (sequence.pair_count == 1) causal += own;
  padded_visible += visible - before + triangle(causal + padding) - triangle(causal);
  longest_tile = std::max(longest_tile, static_cast<std::int64_t>(causal + padding));
}

double model_flops(const engine::ModelConfig& c, const PassCost& p) {
  const auto D = static_cast<double>(c.hidden_size), F = static_cast<double>(c.intermediate_size),
             A = static_cast<double>(c.query_width()), K = static_cast<double>(c.key_width()),
             V = static_cast<double>(c.vocab_size), L = static_cast<double>(c.num_hidden_layers);
  const double by_query = 2 * D * A + 3 * D * F, by_key = 2 * D * K;
  return 6 * (p.rows * (L * by_key + (L - 1) * by_query) + p.answers * (by_query + V * D)) +
         12 * A * ((L - 1) * p.visible + p.answer_visible);
}

}  // namespace film::train

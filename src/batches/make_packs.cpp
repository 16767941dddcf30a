#include "film/batches/make_packs.h"

#include <optional>

namespace film::batches {
namespace {

void append_row(Pack& pack, text::TokenId id, std::int64_t position) {
  pack.ids.push_back(id);
  pack.positions.push_back(position);
}

// The last row predicts this id.
void append_loss(Pack& pack, text::TokenId id, double token_weight) {
  pack.loss_rows.push_back(pack.rows() - 1);
  pack.targets.push_back(id);
  pack.weights.push_back(token_weight);
  pack.pairs.push_back(pack.pair_count);
}

// Question and answer at positions from `start` on; row i predicts the id after it.
Span append_pair(Pack& pack, const EncodedPair& pair, std::int64_t start, double token_weight) {
  const std::int64_t begin = pack.rows();
  std::int64_t position = start;
  for (const EncodedTurn& turn : pair.earlier) {
    for (const text::TokenId id : turn.question) append_row(pack, id, position++);
    for (const text::TokenId id : turn.answer) {
      if (turn.loss) append_loss(pack, id, token_weight);
      append_row(pack, id, position++);
    }
  }
  for (const text::TokenId id : pair.question) append_row(pack, id, position++);
  for (std::size_t i = 0; i < pair.answer.size(); ++i) {
    append_loss(pack, pair.answer[i], token_weight);
    if (i + 1 < pair.answer.size()) append_row(pack, pair.answer[i], position++);
  }
  ++pack.pair_count;
  return {begin, pack.rows() - begin};
}

Span append_padding(Pack& pack, std::int64_t rows, std::int64_t start) {
  const Span padding{pack.rows(), rows};
  for (std::int64_t i = 0; i < rows; ++i) append_row(pack, 0, start + i);
  return padding;
}

void append_group(Pack& pack, const PlannedSequence& sequence, const EncodedExample& example,
                  const AnswerWeights& weights) {
  Group group;
  group.context = {pack.rows(), static_cast<std::int64_t>(example.context.size())};
  std::int64_t position = 0;
  for (const text::TokenId id : example.context) append_row(pack, id, position++);
  const bool several = sequence.pair_count > 1;
  if (several) group.padding = append_padding(pack, sequence.padding, position);
  for (std::size_t p = 0; p < sequence.pair_count; ++p) {
    const EncodedPair& pair = example.pairs[sequence.first_pair + p];
    const double weight = weights.of(pair.shape().loss_tokens());
    group.continuations.push_back(append_pair(pack, pair, position, weight));
  }
  if (!several)
    group.padding = append_padding(pack, sequence.padding, position + group.continuations.back().length);
  pack.groups.push_back(std::move(group));
}

}  // namespace

AnswerWeights::AnswerWeights(const std::vector<ExampleShape>& step, engine::LossWeighting weighting)
    : weighting_(weighting) {
  for (const ExampleShape& example : step)
    for (const PairShape& pair : example.pairs) {
      pairs_ += 1;
      tokens_ += static_cast<double>(pair.loss_tokens());
    }
}

double AnswerWeights::of(std::int64_t answer) const {
  return 1 / (weighting_ == engine::LossWeighting::token ? tokens_ : pairs_ * static_cast<double>(answer));
}

StepPlan plan_step(const std::vector<ExampleShape>& step, const PackOptions& options) {
  return {plan_packs(step, options), AnswerWeights(step, options.weighting)};
}

Pack build_pack(const PackPlan& plan, const AnswerWeights& weights, const ReadExample& read) {
  Pack pack;
  EncodedExample example;
  std::optional<std::size_t> have;  // several sequences of an example follow each other
  for (const PlannedSequence& sequence : plan.sequences) {
    if (have != sequence.example) example = read(sequence.example);
    have = sequence.example;
    append_group(pack, sequence, example, weights);
  }
  return pack;
}

}  // namespace film::batches

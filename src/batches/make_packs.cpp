#include "film/batches/make_packs.h"

namespace film::batches {
namespace {

void append_row(Pack& pack, text::TokenId id, std::int64_t position) {
  pack.ids.push_back(id);
  pack.positions.push_back(position);
}

// Question and answer at positions from `start` on; row i predicts the id after it.
Span append_pair(Pack& pack, const EncodedPair& pair, std::int64_t start, double token_weight) {
  const std::int64_t begin = pack.rows();
  std::int64_t position = start;
  for (const text::TokenId id : pair.question) append_row(pack, id, position++);
  for (std::size_t i = 0; i < pair.answer.size(); ++i) {
    pack.loss_rows.push_back(pack.rows() - 1);
    pack.targets.push_back(pair.answer[i]);
    pack.weights.push_back(token_weight);
    pack.pairs.push_back(pack.pair_count);
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
    const double weight = weights.of(static_cast<std::int64_t>(pair.answer.size()));
    group.pieces.push_back(append_pair(pack, pair, position, weight));
  }
  if (!several) group.padding = append_padding(pack, sequence.padding, position + group.pieces.back().length);
  pack.groups.push_back(std::move(group));
}

}  // namespace

AnswerWeights::AnswerWeights(const std::vector<ExampleShape>& step, LossWeighting weighting)
    : weighting_(weighting) {
  for (const ExampleShape& example : step)
    for (const PairShape& pair : example.pairs) {
      pairs_ += 1;
      tokens_ += static_cast<double>(pair.answer);
    }
}

double AnswerWeights::of(std::int64_t answer) const {
  return 1 / (weighting_ == LossWeighting::token ? tokens_ : pairs_ * static_cast<double>(answer));
}

Pack build_pack(const PackPlan& plan, const std::vector<EncodedExample>& step, const AnswerWeights& weights) {
  Pack pack;
  for (const PlannedSequence& sequence : plan.sequences)
    append_group(pack, sequence, step[sequence.example], weights);
  return pack;
}

std::vector<Pack> make_packs(const std::vector<EncodedExample>& step, const PackOptions& options) {
  std::vector<ExampleShape> shapes;
  for (const EncodedExample& example : step) shapes.push_back(example.shape());
  const AnswerWeights weights(shapes, options.weighting);
  std::vector<Pack> packs;
  for (const PackPlan& plan : plan_packs(shapes, options)) packs.push_back(build_pack(plan, step, weights));
  return packs;
}

}  // namespace film::batches

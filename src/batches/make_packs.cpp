#include "film/batches/make_packs.h"

#include "film/base/error.h"

namespace film {
namespace {

std::vector<EncodedExample> one_pair_each(const std::vector<EncodedExample>& examples) {
  std::vector<EncodedExample> single;
  for (const EncodedExample& example : examples)
    for (const EncodedPair& pair : example.pairs) single.push_back({example.context, {pair}});
  return single;
}

void append_row(Pack& pack, TokenId id, std::int64_t position) {
  pack.ids.push_back(id);
  pack.positions.push_back(position);
}

// Question and answer behind a context of `start` tokens; row i predicts the id after it.
void append_pair(Pack& pack, Group& group, const EncodedPair& pair, std::int64_t start, double token_weight) {
  const Span piece{pack.rows(), static_cast<std::int64_t>(pair.question.size() + pair.answer.size()) - 1};
  std::int64_t position = start;
  for (const TokenId id : pair.question) append_row(pack, id, position++);
  for (std::size_t i = 0; i < pair.answer.size(); ++i) {
    pack.loss_rows.push_back(pack.rows() - 1);
    pack.targets.push_back(pair.answer[i]);
    pack.weights.push_back(token_weight);
    pack.pairs.push_back(pack.pair_count);
    if (i + 1 < pair.answer.size()) append_row(pack, pair.answer[i], position++);
  }
  ++pack.pair_count;
  group.pieces.push_back(piece);
}

}  // namespace

LossWeighting loss_weighting(const std::string& name) {
  if (name == "sample") return LossWeighting::sample;
  if (name == "token") return LossWeighting::token;
  throw config_error("unknown loss weighting \"" + name + "\"", "expected sample or token");
}

std::vector<Pack> make_packs(const std::vector<EncodedExample>& step, const PackOptions& options) {
  const std::vector<EncodedExample> examples = options.share_context ? step : one_pair_each(step);
  std::size_t pairs = 0, tokens = 0;
  for (const EncodedExample& example : examples)
    for (const EncodedPair& pair : example.pairs) ++pairs, tokens += pair.answer.size();

  std::vector<Pack> packs;
  for (const EncodedExample& example : examples) {
    if (packs.empty() || packs.back().rows() + example.shape().rows() > options.budget) packs.emplace_back();
    Pack& pack = packs.back();
    Group group;
    group.context = {pack.rows(), static_cast<std::int64_t>(example.context.size())};
    for (std::int64_t i = 0; i < group.context.length; ++i)
      append_row(pack, example.context[static_cast<std::size_t>(i)], i);
    for (const EncodedPair& pair : example.pairs) {
      const double weight =
          options.weighting == LossWeighting::token
              ? 1.0 / static_cast<double>(tokens)
              : 1.0 / (static_cast<double>(pairs) * static_cast<double>(pair.answer.size()));
      append_pair(pack, group, pair, group.context.length, weight);
    }
    pack.groups.push_back(std::move(group));
  }
  return packs;
}

}  // namespace film

// Off by one: a model whose loss is known in closed form. Its layers add nothing to the residual stream, its
// embedding is the identity, so that the logits at a row are a column of the head, chosen by the row's own
// token alone. The loss of answer[i] is then a function of the token before it.
#include <gtest/gtest.h>

#include <cmath>

#include "../support/packs.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::named;
using testing::random_model;
using testing::small_config;

constexpr std::int64_t kVocab = 37;

// Logit of `next` after `token`, before the final norm's scale.
double preference(std::int64_t next, std::int64_t token) {
  return 0.2 * static_cast<double>((7 * next + 11 * token + next * token) % 13);
}

engine::ModelConfig bigram_config() {
  engine::ModelConfig config = small_config();
  config.num_hidden_layers = 1;
  config.hidden_size = kVocab;
  return config;
}

ModelTensors bigram_model(const engine::ModelConfig& config) {
  ModelTensors w = random_model(config, at::kDouble);
  w.layers[0].output.weight_OI.zero_();
  w.layers[0].down.weight_OI.zero_();
  w.norm_D.fill_(1);
  w.embedding_VD.copy_(at::eye(kVocab, at::kDouble));
  auto* head = w.head.weight_OI.mutable_data_ptr<double>();
  for (std::int64_t next = 0; next < kVocab; ++next)
    for (std::int64_t token = 0; token < kVocab; ++token)
      head[next * kVocab + token] = preference(next, token);
  return w;
}

// -log p(next | token). The norm scales a unit vector to 1 / sqrt(1 / V + eps).
double bigram_loss(const engine::ModelConfig& config, std::int64_t token, std::int64_t next) {
  const double scale = 1 / std::sqrt(1.0 / static_cast<double>(kVocab) + config.rms_norm_eps);
  double sum = 0;
  for (std::int64_t v = 0; v < kVocab; ++v) sum += std::exp(scale * preference(v, token));
  return std::log(sum) - scale * preference(next, token);
}

double step_loss(const engine::ModelConfig& config, const std::vector<batches::EncodedExample>& step,
                 engine::LossWeighting weighting) {
  double sum = 0, weight = 0;
  for (const batches::EncodedExample& example : step)
    for (const batches::EncodedPair& pair : example.pairs) {
      const auto tokens = static_cast<double>(pair.answer.size());
      const double share = weighting == engine::LossWeighting::sample ? 1 / tokens : 1;
      text::TokenId before = pair.question.back();
      for (const text::TokenId next : pair.answer) {
        sum += share * bigram_loss(config, before, next);
        before = next;
      }
      weight += share * tokens;
    }
  return sum / weight;
}

// The tokens count up by steps that differ within and between the parts, so that no shift looks the same.
std::vector<batches::EncodedExample> step_of_examples() {
  text::TokenId token = 0, stride = 1;
  const auto ids = [&](std::size_t n) {
    text::TokenIds list;
    for (std::size_t i = 0; i < n; ++i)
      list.push_back(token = static_cast<text::TokenId>((token + stride++) % kVocab));
    return list;
  };
  std::vector<batches::EncodedExample> step;
  for (std::size_t e = 0; e < 6; ++e) {
    batches::EncodedExample example{ids(7 * (e % 4)), {}};
    for (std::size_t p = 0; p <= e % 3; ++p) example.pairs.push_back({ids(1 + p), ids(1 + (5 * e + p) % 9)});
    step.push_back(example);
  }
  return step;
}

TEST(Shift, LossIsThatOfTheTokenBeforeEachAnswerToken) {
  const engine::ModelConfig config = bigram_config();
  const ModelTensors weights = bigram_model(config);
  const auto step = step_of_examples();
  for (const engine::LossWeighting weighting : {engine::LossWeighting::sample, engine::LossWeighting::token})
    for (const bool share : {true, false})
      for (const bool pad : {true, false})
        for (const std::int64_t budget : {1, 40, 1 << 20}) {
          double loss = 0;
          for (const batches::Pack& pack : testing::make_packs(step, {budget, weighting, share, pad}))
            loss += run_pack(config, weights, pack, nullptr).loss;
          EXPECT_NEAR(loss, step_loss(config, step, weighting), 1e-12);
        }
}

// The test above can fail: each of these shifts by one row or token gives another loss.
TEST(Shift, ByOneGivesAnotherLoss) {
  const engine::ModelConfig config = bigram_config();
  const ModelTensors weights = bigram_model(config);
  const auto step = step_of_examples();
  const batches::Pack pack = testing::make_packs(step, {}).at(0);
  const double right = run_pack(config, weights, pack, nullptr).loss;
  EXPECT_NEAR(right, step_loss(config, step, engine::LossWeighting::sample), 1e-12);

  batches::Pack rows_late = pack, rows_early = pack, targets_late = pack, targets_early = pack;
  for (std::int64_t& row : rows_late.loss_rows) row = std::min(row + 1, pack.rows() - 1);
  for (std::int64_t& row : rows_early.loss_rows) row = std::max<std::int64_t>(row - 1, 0);
  for (std::size_t r = 0; r < pack.loss_rows.size(); ++r) {
    const auto row = static_cast<std::size_t>(pack.loss_rows[r]);
    targets_late.targets[r] = pack.ids[std::min(row + 2, pack.ids.size() - 1)];
    targets_early.targets[r] = pack.ids[row];  // a token predicts itself: labels that nobody shifted
  }
  for (const batches::Pack& shifted : {rows_late, rows_early, targets_late, targets_early})
    EXPECT_GT(std::abs(run_pack(config, weights, shifted, nullptr).loss - right), 0.01);
}

}  // namespace
}  // namespace film::model

// Pad rows change neither the loss nor a gradient, and what they hold reaches nothing.
#include <gtest/gtest.h>

#include <cstring>

#include "invariance.h"
#include "oracle.h"
#include "poison.h"

namespace film::model {
namespace {

using testing::expect_equal;
using testing::named;
using testing::Outcome;
using testing::random_examples;
using testing::random_model;
using testing::run;
using testing::small_config;

// Contexts of up to 300 tokens; one example that needs no padding, one that is a single row.
std::vector<batches::EncodedExample> examples_to_pad(std::int64_t vocab) {
  std::vector<batches::EncodedExample> examples = random_examples(vocab, 5, 40, 300);
  examples.push_back({text::TokenIds(250, 3), {{{1, 2, 4}, {5, 6, 7, 8}}}});
  examples.push_back({{}, {{{1}, {2}}}});
  return examples;
}

struct Case {
  engine::LossWeighting weighting;
  bool share;
  std::int64_t window;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << (c.weighting == engine::LossWeighting::sample ? "sample" : "token")
       << (c.share ? " shared" : " separate") << " window " << c.window;
}

class Padding : public ::testing::TestWithParam<Case> {
 protected:
  static engine::ModelConfig config() {
    engine::ModelConfig config = small_config(4, 2, false, GetParam().window);
    config.num_hidden_layers = 2;
    return config;
  }
  static std::vector<batches::Pack> packs(std::int64_t budget, bool pad) {
    return testing::make_packs(examples_to_pad(config().vocab_size),
                               {budget, GetParam().weighting, GetParam().share, pad});
  }
};

TEST_P(Padding, ChangesNeitherLossNorGradients) {
  const ModelTensors weights = random_model(config(), at::kDouble);
  const Outcome plain = run(config(), weights, packs(2000, false));
  const std::vector<batches::Pack> padded = packs(2000, true);
  std::int64_t pads = 0;
  for (const batches::Pack& pack : padded) pads += pack.padding_rows();
  ASSERT_GT(pads, 256);
  expect_equal(config(), plain, run(config(), weights, padded), "padded");
  expect_equal(config(), plain, run(config(), weights, packs(1, true)), "padded, one sequence a pack");
  expect_equal(config(), plain, run(config(), weights, padded, false), "padded, full head");
}

// In the oracle pad rows see one another, not the sequence they follow: that must not matter.
TEST_P(Padding, EqualsTheOracle) {
  const ModelTensors weights = random_model(config(), at::kDouble);
  for (const batches::Pack& pack : packs(700, true)) {
    const double expected = oracle::loss(config(), weights, pack).item<double>();
    EXPECT_NEAR(run_pack(config(), weights, pack, nullptr).loss, expected, 1e-12);
  }
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.nbytes() == b.nbytes() && std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0;
}

TEST_P(Padding, IdsOfPadRowsReachNothing) {
  const ModelTensors weights = random_model(config(), at::kFloat);
  for (const bool answer_rows : {true, false})
    for (const batches::Pack& pack : packs(2000, true)) {
      batches::Pack other = pack;
      Random random(1, "pads");
      for (const batches::Group& group : pack.groups)
        for (std::int64_t row = group.padding.begin; row < group.padding.end(); ++row)
          other.ids[static_cast<std::size_t>(row)] =
              static_cast<text::TokenId>(random.below(static_cast<std::uint64_t>(config().vocab_size)));
      ModelTensors before = zero_tensors(config(), at::kFloat), after = zero_tensors(config(), at::kFloat);
      const PackResult a = run_pack(config(), weights, pack, &before, {answer_rows});
      const std::vector<engine::ActivationSet> saved(weights.layers.size());
      ActivationBuffers buffers(
          config(), saved, other.rows(),
          answer_rows ? static_cast<std::int64_t>(other.loss_rows.size()) : other.rows(), at::kFloat);
      const PackResult b = run_pack(config(), weights, other, &after,
                                    testing::poisoned_pass(buffers, saved.size(), answer_rows));
      EXPECT_EQ(a.row_loss, b.row_loss);
      EXPECT_EQ(a.loss, b.loss);
      const auto left = named(before, config()), right = named(after, config());
      for (std::size_t i = 0; i < left.size(); ++i)
        EXPECT_TRUE(same_bits(left[i].second.contiguous(), right[i].second.contiguous())) << left[i].first;
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, Padding,
                         ::testing::Values(Case{engine::LossWeighting::sample, true, 0},
                                           Case{engine::LossWeighting::sample, false, 0},
                                           Case{engine::LossWeighting::token, true, 0},
                                           Case{engine::LossWeighting::token, false, 0},
                                           Case{engine::LossWeighting::sample, true, 7},
                                           Case{engine::LossWeighting::sample, false, 7},
                                           Case{engine::LossWeighting::token, true, 280}));

// A group without loss rows beside one that has some: it adds nothing, padded or not.
TEST(PaddingOfNothing, GroupsWithoutLossAddNothing) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kDouble);
  const auto example = random_examples(config.vocab_size, 1, 9);
  const batches::Pack alone = testing::make_packs(example, {}).at(0);
  testing::Packing padded;
  padded.pad_lengths = true;
  batches::Pack both = testing::make_packs(example, padded).at(0);
  Random random(2, "silent");
  testing::add_group(both, random, config.vocab_size, 30, {6}, 0);
  testing::add_group(both, random, config.vocab_size, 20, {}, 0);
  expect_equal(config, run(config, weights, {alone}), run(config, weights, {both}), "silent groups");

  batches::Pack silent;
  testing::add_group(silent, random, config.vocab_size, 30, {6}, 0);
  Outcome none = run(config, weights, {silent});
  EXPECT_EQ(none.loss, 0);
  for (const auto& [name, x] : named(none.gradients, config)) EXPECT_EQ(x.abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace film::model

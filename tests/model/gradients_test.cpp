// Loss and every gradient against Torch's autograd through the plain oracle, in fp64.
#include <gtest/gtest.h>

#include "oracle.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;
using testing::named;
using testing::random_model;
using testing::small_config;

struct Case {
  const char* name;
  engine::ModelConfig config;
  std::vector<std::pair<std::int64_t, std::vector<std::int64_t>>> groups;  // context, continuations
  std::int64_t answers;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

batches::Pack make_pack(const Case& c) {
  Random random(7, "pack");
  batches::Pack pack;
  for (const auto& [context, continuations] : c.groups)
    add_group(pack, random, c.config.vocab_size, context, continuations, c.answers);
  return pack;
}

// Largest difference relative to the largest gradient.
double difference(const Tensor& a, const Tensor& b) {
  return ((a - b).abs().max() / (b.abs().max() + 1e-30)).item<double>();
}

class Gradients : public ::testing::TestWithParam<Case> {};

TEST_P(Gradients, EqualAutograd) {
  const Case& c = GetParam();
  const batches::Pack pack = make_pack(c);
  const ModelTensors weights = random_model(c.config, at::kDouble);
  for (const bool answer_rows_only : {false, true}) {
    ModelTensors gradients = zero_tensors(c.config, at::kDouble);
    const PackResult result = run_pack(c.config, weights, pack, &gradients, {answer_rows_only});

    // Fused tensors are the leaves; views named as Hugging Face does carry no gradient of their own.
    ModelTensors leaves = weights;
    std::vector<Tensor> inputs;
    for_each_tensor(leaves, [&](Tensor& x) {
      x = x.detach().clone().set_requires_grad(true);
      inputs.push_back(x);
    });
    const Tensor expected_loss = oracle::loss(c.config, leaves, pack);
    const std::vector<Tensor> expected = torch::autograd::grad({expected_loss}, inputs);

    EXPECT_NEAR(result.loss, expected_loss.item<double>(), 1e-12 * std::abs(result.loss));
    std::vector<Tensor> got;
    for_each_tensor(gradients, [&](Tensor& x) { got.push_back(x); });
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_LT(difference(got[i], expected[i]), 1e-10)
          << "parameter " << i << ", answer rows only " << answer_rows_only;
  }
}

const Case kCases[] = {
    {"one_sequence", small_config(), {{13, {5}}}, 2},
    {"no_context", small_config(), {{0, {11}}}, 3},
    {"packed", small_config(), {{9, {4}}, {0, {7}}, {17, {3}}}, 2},
    {"shared_context", small_config(), {{12, {4, 3, 6}}, {5, {2, 2}}}, 2},
    {"one_token_answers", small_config(4, 1), {{8, {3, 1, 2}}}, 1},
    {"every_row", small_config(4, 4), {{6, {5, 4}}}, 100},
    {"tied", small_config(2, 1, true), {{7, {4, 4}}}, 2},
    {"window", small_config(4, 2, false, 5), {{14, {6}}, {3, {9}}}, 3},
    {"window_shared", small_config(4, 2, false, 6), {{11, {9, 3}}, {0, {12}}}, 4},
    {"long_piece", small_config(), {{3, {700}}, {5, {540, 3}}}, 620},
    {"long_window", small_config(4, 2, false, 300), {{600, {310}}}, 300},
};
INSTANTIATE_TEST_SUITE_P(Cases, Gradients, ::testing::ValuesIn(kCases),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(Model, NothingToLearnGivesNoGradientAndNoNan) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kFloat);
  Random random(3, "empty");
  batches::Pack pack;
  add_group(pack, random, config.vocab_size, 6, {4}, 0);
  ModelTensors gradients = zero_tensors(config, at::kFloat);
  EXPECT_EQ(run_pack(config, weights, pack, &gradients).loss, 0);
  for (const auto& [name, x] : named(gradients, config)) EXPECT_EQ(x.abs().sum().item<double>(), 0) << name;
}

}  // namespace
}  // namespace film::model

// Activation checkpointing: what is saved between forward and backward does not change a bit, and what
// is not saved is not read. Everything that is dead is NaN in these tests, and so is every tensor before
// its first write.
#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "poison.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;
using testing::named;
using testing::random_model;
using testing::small_config;

// Torch fills new memory with NaN while this lives.
class PoisonedMemory {
 public:
  PoisonedMemory() {
    at::globalContext().setDeterministicAlgorithms(true, false);
    at::globalContext().setDeterministicFillUninitializedMemory(true);
  }
  ~PoisonedMemory() { at::globalContext().setDeterministicAlgorithms(false, false); }
};

batches::Pack mixed_pack(const engine::ModelConfig& config) {
  batches::Pack pack;
  Random random(4, "pack");
  add_group(pack, random, config.vocab_size, 40, {7, 5, 9}, 3);
  add_group(pack, random, config.vocab_size, 0, {30}, 4);
  add_group(pack, random, config.vocab_size, 25, {6}, 2);
  return pack;
}

struct Outcome {
  PackResult result;
  ModelTensors gradients;
};

Outcome run(const engine::ModelConfig& config, const ModelTensors& weights, const batches::Pack& pack,
            const std::vector<engine::ActivationSet>& saved) {
  const at::ScalarType type = weights.embedding_VD.scalar_type();
  // Room for more rows than this pass has: the rest of every slot must not matter.
  ActivationBuffers buffers(config, saved, pack.rows() + 9,
                            static_cast<std::int64_t>(pack.loss_rows.size()) + 3, type);
  Outcome outcome{{}, zero_tensors(config, type == at::kDouble ? at::kDouble : at::kFloat)};
  const PoisonedMemory poisoned;
  outcome.result =
      run_pack(config, weights, pack, &outcome.gradients, testing::poisoned_pass(buffers, saved.size()));
  return outcome;
}

engine::ActivationSet bits(unsigned n) { return {(n & 1) != 0, (n & 2) != 0, (n & 4) != 0, (n & 8) != 0}; }

class Checkpointing : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(Checkpointing, EveryPolicyGivesTheSameBits) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, GetParam());
  const batches::Pack pack = mixed_pack(config);
  ModelTensors plain = zero_tensors(config, GetParam() == at::kDouble ? at::kDouble : at::kFloat);
  const PackResult expected = run_pack(config, weights, pack, &plain);
  const auto right = named(plain, config);
  for (unsigned n = 0; n < 48; ++n) {
    // 16 policies for all layers, then mixtures.
    const std::vector<engine::ActivationSet> saved = {bits(n % 16), bits(n < 16 ? n : n * 7 % 16),
                                                      bits(n < 16 ? n : n * 5 % 16)};
    const Outcome got = run(config, weights, pack, saved);
    EXPECT_EQ(got.result.loss, expected.loss);
    const auto left = named(got.gradients, config);
    for (std::size_t i = 0; i < right.size(); ++i)
      EXPECT_TRUE(at::equal(left[i].second, right[i].second)) << "policy " << n << ", " << right[i].first;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, Checkpointing, ::testing::Values(at::kFloat, at::kBFloat16, at::kDouble),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

// The feed-forward runs in slices of slice_rows: more rows than one slice give the gradients of fp64.
TEST(Checkpointing, ManySlices) {
  engine::ModelConfig config = small_config();
  config.num_hidden_layers = 2;
  batches::Pack pack;
  Random random(8, "pack");
  add_group(pack, random, config.vocab_size, 1500, {700}, 1100);
  const ModelTensors weights = random_model(config, at::kFloat), exact = random_model(config, at::kDouble);
  const Outcome got = run(config, weights, pack, {bits(0), bits(15)});
  ModelTensors right = zero_tensors(config, at::kDouble);
  run_pack(config, exact, pack, &right);
  const auto a = named(got.gradients, config), b = named(right, config);
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_LT(((a[i].second - b[i].second).abs().max() / b[i].second.abs().max()).item<double>(), 1e-4)
        << a[i].first;
}

// The test above can fail: a slot that is read after its layer is done shows up as NaN.
TEST(Checkpointing, PoisonIsSeen) {
  const engine::ModelConfig config = small_config();
  const ActivationBuffers buffers(config, std::vector<engine::ActivationSet>(3), 8, 4, at::kFloat);
  buffers.layer(1, 8, 8).gate_up_QG.zero_();
  testing::poison(buffers, 1, 3);
  EXPECT_TRUE(buffers.layer(1, 8, 8).gate_up_QG.isnan().all().item<bool>());
  const PoisonedMemory poisoned;
  EXPECT_TRUE(at::empty({3}).isnan().all().item<bool>());
}

}  // namespace
}  // namespace film::model

// bf16 weights and activations with fp32 sums against fp64 on the same (bf16) weights: the error of loss and
// gradients is that of rounding activations to 8 bits, and sums over many passes do not add to it.
#include <gtest/gtest.h>

#include "oracle.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;
using testing::named;
using testing::random_model;
using testing::small_config;

// All gradients of a model as one vector.
Tensor flat(const ModelTensors& gradients, const engine::ModelConfig& config) {
  std::vector<Tensor> parts;
  for (const auto& [name, x] : named(gradients, config)) parts.push_back(x.to(at::kDouble).reshape(-1));
  return at::cat(parts);
}

double error(const Tensor& got, const Tensor& right) {
  return ((got - right).norm() / right.norm()).item<double>();
}

// What Torch's own autograd makes of the same model in bf16.
ModelTensors torch_gradients(const engine::ModelConfig& config, const ModelTensors& weights,
                             const batches::Pack& pack) {
  ModelTensors leaves = weights;
  std::vector<Tensor> inputs;
  for_each_tensor(leaves, [&](Tensor& x) {
    x = x.detach().clone().set_requires_grad(true);
    inputs.push_back(x);
  });
  const std::vector<Tensor> d = torch::autograd::grad({oracle::loss(config, leaves, pack)}, inputs);
  std::size_t i = 0;
  for_each_tensor(leaves, [&](Tensor& x) { x = d[i++]; });
  return leaves;
}

class Bf16 : public ::testing::TestWithParam<std::int64_t> {};

// Rounding activations to 8 bits costs some accuracy in any engine: ours loses clearly less than Torch's
// autograd does, on random models and packs.
TEST_P(Bf16, LosesLessThanAutogradDoes) {
  const engine::ModelConfig config = small_config(4, GetParam());
  double ours = 0, torchs = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const ModelTensors weights = random_model(config, at::kBFloat16, seed);
    ModelTensors exact = empty_tensors(config, at::kDouble);
    const auto from = named(weights, config), to = named(exact, config);
    for (std::size_t i = 0; i < from.size(); ++i) Tensor(to[i].second).copy_(from[i].second);
    batches::Pack pack;
    Random random(seed, "pack");
    add_group(pack, random, config.vocab_size, 60, {9, 8}, 4);
    add_group(pack, random, config.vocab_size, 90, {20}, 6);
    ModelTensors got = zero_tensors(config, at::kFloat), right = zero_tensors(config, at::kDouble);
    const PackResult a = run_pack(config, weights, pack, &got), b = run_pack(config, exact, pack, &right);
    EXPECT_NEAR(a.loss / b.loss, 1, 0.01);
    const double mine = error(flat(got, config), flat(right, config));
    EXPECT_LT(mine, 0.2) << "seed " << seed;
    ours += mine;
    torchs += error(flat(torch_gradients(config, weights, pack), config), flat(right, config));
  }
  EXPECT_LT(ours, 0.8 * torchs) << "ours " << ours / 4 << ", torch's " << torchs / 4;
}

INSTANTIATE_TEST_SUITE_P(KeyHeads, Bf16, ::testing::Values(1, 2, 4));

// Many passes added up are so many times one pass: bf16 accumulators would lose the later ones.
TEST(Bf16Sums, ManyPassesAddUp) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kBFloat16);
  batches::Pack pack;
  Random random(6, "pack");
  add_group(pack, random, config.vocab_size, 10, {5}, 3);
  ModelTensors once = zero_tensors(config, at::kFloat), many = zero_tensors(config, at::kFloat);
  run_pack(config, weights, pack, &once);
  for (int i = 0; i < 300; ++i) run_pack(config, weights, pack, &many);
  const auto a = named(many, config), b = named(once, config);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Tensor right = b[i].second * 300;
    EXPECT_LT(((a[i].second - right).abs().max() / right.abs().max()).item<double>(), 1e-4) << a[i].first;
  }
}

}  // namespace
}  // namespace film::model

// bf16 weights and activations with fp32 sums against fp64 on the same (bf16) weights: the error of loss and
// gradients is that of rounding activations to 8 bits, and sums over many passes do not add to it.
#include <gtest/gtest.h>

#include "random_model.h"

namespace film {
namespace {

using testing::add_group;
using testing::named;
using testing::random_model;
using testing::small_config;

double cosine(const Tensor& a, const Tensor& b) {
  const Tensor x = a.to(at::kDouble).view(-1), y = b.to(at::kDouble).view(-1);
  return (x.dot(y) / (x.norm() * y.norm())).item<double>();
}

class Bf16 : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(Bf16, GradientsPointWhereFp64Points) {
  const ModelConfig config = small_config(4, GetParam());
  const ModelTensors weights = random_model(config, at::kBFloat16);
  ModelTensors exact = empty_tensors(config, at::kDouble);
  const auto from = named(weights, config), to = named(exact, config);
  for (std::size_t i = 0; i < from.size(); ++i) Tensor(to[i].second).copy_(from[i].second);
  Pack pack;
  Random random(6, "pack");
  add_group(pack, random, config.vocab_size, 60, {9, 8}, 4);
  add_group(pack, random, config.vocab_size, 90, {20}, 6);
  ModelTensors got = zero_tensors(config, at::kFloat), right = zero_tensors(config, at::kDouble);
  const PackResult a = run_pack(config, weights, pack, &got), b = run_pack(config, exact, pack, &right);
  EXPECT_NEAR(a.loss / b.loss, 1, 0.01);
  const auto left = named(got, config), wanted = named(right, config);
  for (std::size_t i = 0; i < left.size(); ++i) {
    EXPECT_EQ(left[i].second.scalar_type(), at::kFloat);
    EXPECT_GT(cosine(left[i].second, wanted[i].second), 0.997) << left[i].first;
    EXPECT_NEAR((left[i].second.norm() / wanted[i].second.norm()).item<double>(), 1, 0.03) << left[i].first;
  }
}

INSTANTIATE_TEST_SUITE_P(KeyHeads, Bf16, ::testing::Values(1, 2, 4));

// A hundred passes added up are a hundred times one pass: bf16 accumulators would lose the later ones.
TEST(Bf16Sums, ManyPassesAddUp) {
  const ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kBFloat16);
  Pack pack;
  Random random(6, "pack");
  add_group(pack, random, config.vocab_size, 10, {5}, 3);
  ModelTensors once = zero_tensors(config, at::kFloat), many = zero_tensors(config, at::kFloat);
  run_pack(config, weights, pack, &once);
  for (int i = 0; i < 600; ++i) run_pack(config, weights, pack, &many);
  const auto a = named(many, config), b = named(once, config);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Tensor right = b[i].second * 600;
    EXPECT_LT(((a[i].second - right).abs().max() / right.abs().max()).item<double>(), 1e-4) << a[i].first;
  }
}

}  // namespace
}  // namespace film

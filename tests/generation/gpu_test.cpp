// Generation on a GPU against the CPU: the parts of attention, ids in fp32, log-likelihoods in bf16.
#include "../gpu.h"

#include <gtest/gtest.h>

#include "../model/random_model.h"
#include "film/generation/cached_model.h"
#include "generation/parts.h"

namespace film::generation {
namespace {

using engine::Prompt;
using testing::gpu;
using text::TokenIds;

// The same weights on another device, in another type.
model::ModelTensors moved(const engine::ModelConfig& config, const model::ModelTensors& weights,
                          const at::TensorOptions& options) {
  model::ModelTensors copy = model::empty_tensors(config, options);
  std::vector<Tensor> source;
  model::for_each_parameter(weights, config,
                            [&](const std::string&, Tensor x, model::ParameterKind) { source.push_back(x); });
  std::size_t next = 0;
  model::for_each_parameter(
      copy, config, [&](const std::string&, Tensor x, model::ParameterKind) { x.copy_(source[next++]); });
  return copy;
}

double error(const Tensor& got, const Tensor& right) {
  const Tensor a = got.cpu().to(at::kDouble), b = right.cpu().to(at::kDouble);
  return ((a - b).norm() / b.norm()).item<double>();
}

TEST(GenerationOnGpu, PartsOfAttention) {
  FILM_NEEDS_GPU();
  at::manual_seed(4);
  for (const at::ScalarType type : {at::kBFloat16, at::kFloat})
    for (const std::int64_t window : {0, 40}) {
      const Tensor q = at::randn({3, 8, 64}).to(type), key = at::randn({4, 130, 2, 64}).to(type),
                   value = at::randn({4, 130, 2, 64}).to(type);
      const OwnKeys keys{{0, 1, 3}, {1, 129, 70}, window};
      const Part here = attend_own(q, key, value, own_plan(keys, 4, 130, q.options())),
                 there = attend_own(q.to(gpu()), key.to(gpu()), value.to(gpu()),
                                    own_plan(keys, 4, 130, q.options().device(gpu())));
      EXPECT_LT(error(there.out_QNH, here.out_QNH), 1e-2) << type << " " << window;
      EXPECT_LT(error(there.lse_QN, here.lse_QN), 1e-2) << type << " " << window;
      const Tensor shared = key.flatten(0, 1), values = value.flatten(0, 1);
      const Part all = attend_shared(q, shared, values),
                 all_there = attend_shared(q.to(gpu()), shared.to(gpu()), values.to(gpu()));
      EXPECT_LT(error(all_there.out_QNH, all.out_QNH), 1e-2) << type;
      EXPECT_LT(error(all_there.lse_QN, all.lse_QN), 1e-2) << type;
    }
}

class ModelOnGpu : public ::testing::TestWithParam<std::int64_t> {
 protected:
  std::vector<Prompt> prompts() const {
    return {{prefix_, {3, 4}, 0}, {prefix_, {11}, 1}, {prefix_, {8, 8, 8, 20}, 2}};
  }
  engine::ModelConfig config_ = testing::small_config(4, 2, false, GetParam());
  model::ModelTensors weights_ = testing::random_model(config_, at::kFloat);
  TokenIds prefix_ = {1, 5, 9, 30, 2, 7, 7};
};

TEST_P(ModelOnGpu, SameIds) {
  FILM_NEEDS_GPU();
  CachedModel here(config_, weights_),
      there(config_, moved(config_, weights_, at::device(gpu()).dtype(at::kFloat)));
  const auto a = here.generate(prompts(), {.max_new_tokens = 20}),
             b = there.generate(prompts(), {.max_new_tokens = 20});
  for (std::size_t p = 0; p < a.size(); ++p) EXPECT_EQ(a[p].ids, b[p].ids);
}

TEST_P(ModelOnGpu, NearLogLikelihoodsInBf16) {
  FILM_NEEDS_GPU();
  CachedModel here(config_, weights_),
      there(config_, moved(config_, weights_, at::device(gpu()).dtype(at::kBFloat16)));
  const std::vector<TokenIds> continuations = {{4, 6}, {1}, {9, 9, 2}};
  const auto a = here.log_likelihood(prompts(), continuations),
             b = there.log_likelihood(prompts(), continuations);
  for (std::size_t p = 0; p < a.size(); ++p) EXPECT_NEAR(a[p], b[p], 0.3);
}

INSTANTIATE_TEST_SUITE_P(Windows, ModelOnGpu, ::testing::Values(0, 4));

}  // namespace
}  // namespace film::generation

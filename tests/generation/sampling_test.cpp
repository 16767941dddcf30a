// Draws against exact probabilities, and what they depend on.
#include "generation/sampling.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "../model/random_model.h"
#include "film/base/error.h"
#include "film/generation/cached_model.h"

namespace film::generation {
namespace {

using engine::Prompt;
using engine::Sampling;
using testing::random_model;
using testing::small_config;
using text::TokenId;
using text::TokenIds;

std::vector<double> softmax(const std::vector<float>& logits, double temperature) {
  std::vector<double> p;
  for (const float logit : logits) p.push_back(std::exp(logit / temperature));
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& x : p) x /= sum;
  return p;
}

// Pearson's statistic of counts against probabilities, over the ids of at least 5 expected draws; those of
// probability 0 must not be drawn.
double chi_square(const std::vector<std::uint64_t>& counts, const std::vector<double>& p, int* degrees) {
  const double draws = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  double sum = 0;
  *degrees = -1;
  for (std::size_t id = 0; id < p.size(); ++id) {
    const double expected = draws * p[id];
    if (p[id] == 0) {
      EXPECT_EQ(counts[id], 0u) << "id " << id;
    }
    if (expected < 5) continue;
    sum += std::pow(static_cast<double>(counts[id]) - expected, 2) / expected;
    ++*degrees;
  }
  return sum;
}

// The 99.99 % quantile of chi-square, by Wilson and Hilferty.
double critical(int degrees) {
  const double k = degrees, z = 3.719;
  return k * std::pow(1 - 2 / (9 * k) + z * std::sqrt(2 / (9 * k)), 3);
}

void expect_distribution(const std::vector<float>& logits, const Sampling& sampling,
                         const std::vector<double>& p) {
  std::vector<std::uint64_t> counts(logits.size());
  for (std::uint64_t item = 0; item < 50'000; ++item) {
    Random random(sampling.seed, "test", item);
    ++counts[static_cast<std::size_t>(sample(logits, sampling, random))];
  }
  int degrees = 0;
  const double statistic = chi_square(counts, p, &degrees);
  EXPECT_LT(statistic, critical(degrees)) << degrees << " degrees of freedom";
}

const std::vector<float> kLogits = {0.5f, -1, 2, 2, 0, -3, 1.25f, -40};

TEST(Sampling, FollowsTheSoftmax) {
  expect_distribution(kLogits, {.temperature = 1}, softmax(kLogits, 1));
  expect_distribution(kLogits, {.temperature = 0.5, .seed = 7}, softmax(kLogits, 0.5));
  expect_distribution(kLogits, {.temperature = 3, .seed = 8}, softmax(kLogits, 3));
}

TEST(Sampling, TopPCutsTheTail) {
  // Probabilities 0.35, 0.35, 0.165, 0.078, ...: 0.8 needs the first three, equal ones by id.
  std::vector<double> p = softmax(kLogits, 1);
  for (const std::size_t id : {0u, 1u, 4u, 5u, 7u}) p[id] = 0;
  const double held = std::accumulate(p.begin(), p.end(), 0.0);
  ASSERT_GT(held, 0.8);
  ASSERT_LT(held - p[6], 0.8);
  for (double& x : p) x /= held;
  expect_distribution(kLogits, {.temperature = 1, .top_p = 0.8}, p);
  Random random(1, "test");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(sample(kLogits, {.temperature = 1, .top_p = 0.01}, random), 2);
}

TEST(Sampling, RefusesWhatIsNoDistribution) {
  EXPECT_NO_THROW(Sampling{}.check());
  EXPECT_THROW((Sampling{.temperature = -1}.check()), Error);
  EXPECT_THROW((Sampling{.temperature = std::nan("")}.check()), Error);
  EXPECT_THROW((Sampling{.top_p = 0}.check()), Error);
  EXPECT_THROW((Sampling{.top_p = 1.5}.check()), Error);
}

class SampledModel : public ::testing::Test {
 protected:
  std::vector<Prompt> prompts(std::uint64_t count) const {
    std::vector<Prompt> list;
    for (std::uint64_t item = 0; item < count; ++item) list.push_back({prefix_, {3, 4}, item});
    return list;
  }
  engine::ModelConfig config_ = small_config();
  CachedModel model_{config_, random_model(config_, at::kFloat)};
  TokenIds prefix_ = {1, 5, 9, 30, 2, 7, 7};
};

TEST_F(SampledModel, FirstIdsFollowTheModelsProbabilities) {
  const std::vector<Prompt> asked = prompts(2000);
  std::vector<std::uint64_t> counts(37);
  for (const engine::Completion& c :
       model_.generate(asked, {.max_new_tokens = 1, .sampling = {.temperature = 1}}))
    ++counts[static_cast<std::size_t>(c.ids[0])];
  std::vector<TokenIds> every;
  for (TokenId id = 0; id < 37; ++id) every.push_back({id});
  std::vector<double> p = model_.log_likelihood(prompts(37), every);
  for (double& x : p) x = std::exp(x);
  int degrees = 0;
  const double statistic = chi_square(counts, p, &degrees);
  EXPECT_LT(statistic, critical(degrees)) << degrees << " degrees of freedom";
}

TEST_F(SampledModel, DrawsDependOnSeedAndItemAlone) {
  const engine::Decoding decoding{.max_new_tokens = 12,
                                  .sampling = {.temperature = 1, .top_p = 0.9, .seed = 5}};
  const std::vector<Prompt> asked = prompts(6);
  const auto together = model_.generate(asked, decoding);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  for (std::size_t p = asked.size(); p-- > 0;)
    EXPECT_EQ(model_.generate(std::span(asked).subspan(p, 1), decoding)[0].ids, together[p].ids);
  at::set_num_threads(threads);
  EXPECT_NE(together[0].ids, together[1].ids);
  engine::Decoding other = decoding;
  other.sampling.seed = 6;
  EXPECT_NE(model_.generate(asked, other)[0].ids, together[0].ids);
}

TEST_F(SampledModel, AColdTemperatureIsNearlyGreedy) {
  const std::vector<Prompt> asked = prompts(3);
  const auto greedy = model_.generate(asked, {.max_new_tokens = 8});
  const auto cold = model_.generate(asked, {.max_new_tokens = 8, .sampling = {.temperature = 1e-4}});
  for (std::size_t p = 0; p < asked.size(); ++p) EXPECT_EQ(cold[p].ids, greedy[p].ids);
}

}  // namespace
}  // namespace film::generation

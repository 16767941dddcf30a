// Which rows prompts and their continuations are read in, and that sharing them changes nothing.
#include "generation/rated_pack.h"

#include <gtest/gtest.h>

#include "../model/random_model.h"
#include "film/generation/cached_model.h"

namespace film::generation {
namespace {

using engine::Prompt;
using text::TokenIds;

std::vector<std::int64_t> rows_of(const std::vector<RatedPack>& packs) {
  std::vector<std::int64_t> rows;
  for (const RatedPack& pack : packs) rows.push_back(pack.pack.rows());
  return rows;
}

TEST(RatedPacks, ChoicesThatBeginAlikeShareRows) {
  const TokenIds prefix = {1, 5, 9};
  struct Case {
    std::vector<TokenIds> continuations;
    std::int64_t rows;  // behind the prefix and the two ids of each prompt
  };
  const Case cases[] = {
      {{{4}, {6}, {8}}, 2},            // choices of one token: the prompt's rows serve all
      {{{4, 6}, {4, 7}, {4}}, 3},      // and those whose first token is the same
      {{{4, 6, 2}, {8, 6, 2}}, 8},     // nothing in common but the prompt, which is read twice
      {{{4, 6, 2}, {4, 6, 2, 3}}, 5},  // one that begins the other
  };
  for (const Case& c : cases) {
    std::vector<Prompt> prompts(c.continuations.size(), Prompt{prefix, {2, 3}, 0});
    const auto packs = rated_packs(prompts, c.continuations);
    ASSERT_EQ(packs.size(), 1u);
    EXPECT_EQ(packs[0].pack.rows(), 3 + c.rows);
    EXPECT_TRUE(std::ranges::is_sorted(packs[0].pack.loss_rows));
  }
}

TEST(RatedPacks, SmallGroupsAreReadTogetherAndLargeOnesCut) {
  const TokenIds one = {1, 5}, two = {1, 6}, continuation = {7};
  const std::vector<Prompt> small = {{one, {2}, 0}, {two, {2}, 0}, {one, {2}, 0}};
  const std::vector<TokenIds> three(3, continuation);
  const auto together = rated_packs(small, three);
  ASSERT_EQ(together.size(), 1u);
  EXPECT_EQ(together[0].pack.groups.size(), 3u);
  std::vector<Prompt> large;
  for (int i = 0; i < 5; ++i) large.push_back({one, TokenIds(3000, i + 2), 0});
  const auto cut = rated_packs(large, std::vector<TokenIds>(5, continuation));
  EXPECT_EQ(rows_of(cut), (std::vector<std::int64_t>{6002, 6002, 3002}));
  EXPECT_EQ(cut[1].begin, 2u);
}

TEST(RatedPacks, AreRatedAsEachPromptAlone) {
  const engine::ModelConfig config = testing::small_config();
  CachedModel model(config, testing::random_model(config, at::kFloat));
  const TokenIds shots = {1, 5, 9, 30, 2}, other = {1, 8};
  const std::vector<Prompt> prompts = {{shots, {3, 4}, 0}, {shots, {3, 4}, 0}, {shots, {3, 4}, 0},
                                       {shots, {6}, 1},    {other, {6}, 2},    {other, {6}, 2}};
  const std::vector<TokenIds> continuations = {{7}, {9}, {9, 2, 2}, {9, 2}, {11, 3}, {11, 4}};
  const auto together = model.log_likelihood(prompts, continuations);
  for (std::size_t p = 0; p < prompts.size(); ++p) {
    TokenIds whole(prompts[p].prefix.begin(), prompts[p].prefix.end());
    whole.insert(whole.end(), prompts[p].ids.begin(), prompts[p].ids.end());
    const std::vector<Prompt> alone = {{{}, whole, 0}};
    EXPECT_NEAR(together[p], model.log_likelihood(alone, std::span(continuations).subspan(p, 1))[0], 1e-4)
        << p;
  }
}

}  // namespace
}  // namespace film::generation

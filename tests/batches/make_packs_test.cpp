// Packing loses no token, crosses no example, and the loss covers exactly the answers.
#include "film/batches/make_packs.h"

#include <gtest/gtest.h>

#include <set>

#include "film/base/random.h"
#include "film/batches/example_order.h"

namespace film {
namespace {

std::vector<EncodedExample> random_examples(std::uint64_t seed) {
  Random random(seed, "examples");
  std::vector<EncodedExample> examples(1 + random.below(20));
  TokenId next = 0;  // every token is another one, so that each can be traced
  const auto ids = [&](std::uint64_t n) {
    TokenIds list;
    for (std::uint64_t i = 0; i < n; ++i) list.push_back(next++);
    return list;
  };
  for (EncodedExample& example : examples) {
    example.context = ids(random.below(30));
    for (std::uint64_t p = 1 + random.below(4); p > 0; --p)
      example.pairs.push_back({ids(1 + random.below(6)), ids(1 + random.below(6))});
  }
  return examples;
}

TEST(MakePacks, EveryTokenOnceInOrderWithinTheBudget) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto examples = random_examples(seed);
    const auto packs = make_packs(examples, {40, LossWeighting::sample, true});
    std::size_t e = 0;
    for (const Pack& pack : packs) {
      EXPECT_TRUE(pack.rows() <= 40 || pack.groups.size() == 1);
      std::size_t loss = 0;
      std::int32_t pair_number = 0;
      for (const Group& group : pack.groups) {
        const EncodedExample& example = examples.at(e++);
        for (std::int64_t i = 0; i < group.context.length; ++i) {
          EXPECT_EQ(pack.ids[static_cast<std::size_t>(group.context.begin + i)],
                    example.context[static_cast<std::size_t>(i)]);
          EXPECT_EQ(pack.positions[static_cast<std::size_t>(group.context.begin + i)], i);
        }
        ASSERT_EQ(group.pieces.size(), example.pairs.size());
        std::int64_t row = group.context.end();
        for (std::size_t p = 0; p < group.pieces.size(); ++p, ++pair_number) {
          TokenIds all = example.pairs[p].question;
          all.insert(all.end(), example.pairs[p].answer.begin(), example.pairs[p].answer.end());
          ASSERT_EQ(group.pieces[p].begin, row);
          ASSERT_EQ(group.pieces[p].length, static_cast<std::int64_t>(all.size()) - 1);
          for (std::size_t i = 0; i + 1 < all.size(); ++i, ++row) {
            EXPECT_EQ(pack.ids[static_cast<std::size_t>(row)], all[i]);
            EXPECT_EQ(pack.positions[static_cast<std::size_t>(row)],
                      group.context.length + static_cast<std::int64_t>(i));
            if (i + 1 < example.pairs[p].question.size()) continue;
            EXPECT_EQ(pack.loss_rows.at(loss), row);
            EXPECT_EQ(pack.targets.at(loss), all[i + 1]);
            EXPECT_EQ(pack.pairs.at(loss++), pair_number);
          }
        }
      }
      EXPECT_EQ(loss, pack.loss_rows.size());
      EXPECT_EQ(pack.pair_count, pair_number);
    }
    EXPECT_EQ(e, examples.size());
  }
}

TEST(MakePacks, WeightsAreWhatTheWeightingSays) {
  const std::vector<EncodedExample> step = {{{}, {{{1}, {2, 3, 4, 5}}}}, {{}, {{{1}, {2}}}}};
  EXPECT_EQ(make_packs(step, {100, LossWeighting::sample, true})[0].weights,
            (std::vector<double>{0.125, 0.125, 0.125, 0.125, 0.5}));
  EXPECT_EQ(make_packs(step, {100, LossWeighting::token, true})[0].weights, (std::vector<double>(5, 0.2)));
}

TEST(ExampleOrder, EveryEpochIsAPermutationAndAnyPlaceCanBeReadFirst) {
  ExampleOrder order(17, 3, 1), again(17, 3, 1);
  std::vector<std::size_t> first;
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    std::set<std::size_t> seen;
    for (std::uint64_t i = 0; i < 17; ++i) {
      first.push_back(order.at(epoch * 17 + i));
      seen.insert(first.back());
    }
    EXPECT_EQ(seen.size(), 17u);
  }
  for (std::uint64_t place = 51; place-- > 0;) EXPECT_EQ(again.at(place), first[place]);
  EXPECT_NE(std::vector<std::size_t>(first.begin(), first.begin() + 17),
            std::vector<std::size_t>(first.begin() + 17, first.begin() + 34));
}

}  // namespace
}  // namespace film

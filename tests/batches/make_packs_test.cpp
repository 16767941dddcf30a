// Packing loses no token, crosses no example, the loss covers exactly the answers, and a pack is what
// its plan said.
#include "film/batches/make_packs.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "../support/packs.h"
#include "examples.h"
#include "film/batches/example_order.h"

namespace film::batches {
namespace {

using engine::LossWeighting;
using testing::make_packs;
using testing::Packing;
using testing::random_examples;
using testing::shapes_of;

struct Case {
  std::uint64_t longest_context;
  std::int64_t budget;
  bool share, pad;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << "budget " << c.budget << (c.share ? " shared" : " separate") << (c.pad ? " padded" : "");
}

class MakePacks : public ::testing::TestWithParam<Case> {
 protected:
  static Packing options() {
    return {GetParam().budget, LossWeighting::sample, GetParam().share, GetParam().pad};
  }
};

// Rows [span.begin, span.end()) hold `ids` at positions from `start` on.
void expect_rows(const Pack& pack, const Span& span, const text::TokenIds& ids, std::int64_t start) {
  ASSERT_EQ(span.length, static_cast<std::int64_t>(ids.size()));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::size_t row = static_cast<std::size_t>(span.begin) + i;
    EXPECT_EQ(pack.ids[row], ids[i]);
    EXPECT_EQ(pack.positions[row], start + static_cast<std::int64_t>(i));
  }
}

// Goes through a pack and checks every row of it; `seen` counts how often each pair was met.
class Reader {
 public:
  Reader(const std::vector<EncodedExample>& examples, const Pack& pack,
         std::map<const EncodedPair*, int>& seen)
      : pack_(pack), seen_(seen) {
    for (const EncodedExample& example : examples)
      for (const EncodedPair& pair : example.pairs) owner_[pair.question[0]] = {&example, &pair};
  }

  void read() {
    for (const Group& group : pack_.groups) read(group);
    EXPECT_EQ(row_, pack_.rows());
    EXPECT_EQ(loss_, pack_.loss_rows.size());
    EXPECT_EQ(loss_, pack_.targets.size());
    EXPECT_EQ(loss_, pack_.weights.size());
    EXPECT_EQ(pair_, pack_.pair_count);
  }

 private:
  void read(const Group& group) {
    ASSERT_FALSE(group.continuations.empty());
    const auto [example, first] =
        owner_.at(pack_.ids[static_cast<std::size_t>(group.continuations[0].begin)]);
    const std::int64_t length = group.context.length;
    next(group.context, example->context, 0);
    if (group.continuations.size() > 1) next_padding(group, length);
    for (const Span& piece : group.continuations) read(piece, *example, length);
    if (group.continuations.size() == 1) next_padding(group, length + group.continuations[0].length);
    EXPECT_EQ(group.end(), row_);
  }

  void read(const Span& piece, const EncodedExample& example, std::int64_t start) {
    const auto [owner, pair] = owner_.at(pack_.ids[static_cast<std::size_t>(piece.begin)]);
    EXPECT_EQ(owner, &example);
    ++seen_[pair];
    text::TokenIds all = pair->question;
    all.insert(all.end(), pair->answer.begin(), pair->answer.end());
    for (std::size_t i = pair->question.size(); i < all.size(); ++i, ++loss_) {
      EXPECT_EQ(pack_.loss_rows.at(loss_), piece.begin + static_cast<std::int64_t>(i) - 1);
      EXPECT_EQ(pack_.targets.at(loss_), all[i]);
      EXPECT_EQ(pack_.pairs.at(loss_), pair_);
    }
    all.pop_back();
    next(piece, all, start);
    ++pair_;
  }

  void next_padding(const Group& group, std::int64_t start) {
    if (group.padding.length > 0)
      next(group.padding, text::TokenIds(static_cast<std::size_t>(group.padding.length), 0), start);
  }

  void next(const Span& span, const text::TokenIds& ids, std::int64_t start) {
    EXPECT_EQ(span.begin, row_);
    expect_rows(pack_, span, ids, start);
    row_ = span.end();
  }

  const Pack& pack_;
  std::map<const EncodedPair*, int>& seen_;
  std::map<text::TokenId, std::pair<const EncodedExample*, const EncodedPair*>>
      owner_;  // by first question id
  std::int64_t row_ = 0;
  std::size_t loss_ = 0;
  std::int32_t pair_ = 0;
};

TEST_P(MakePacks, EveryTokenStandsWhereItShould) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto examples = random_examples(seed, GetParam().longest_context);
    std::map<const EncodedPair*, int> seen;
    for (const Pack& pack : make_packs(examples, options())) Reader(examples, pack, seen).read();
    for (const EncodedExample& example : examples)
      for (const EncodedPair& pair : example.pairs) EXPECT_EQ(seen[&pair], 1);
  }
}

// Row i of the pack sees row j, from the definition in pack.h.
double seen_pairs(const Pack& pack) {
  double seen = 0;
  for (const Group& group : pack.groups)
    for (std::int64_t i = group.context.begin; i < group.end(); ++i)
      for (std::int64_t j = group.context.begin; j <= i; ++j) {
        bool visible = j < group.context.end() || group.continuations.size() == 1;
        for (const Span& piece : group.continuations) visible |= j >= piece.begin && i < piece.end();
        const bool pad =
            group.continuations.size() > 1 && j >= group.padding.begin && j < group.padding.end();
        if (pad) visible = i < group.padding.end();
        seen += visible ? 1 : 0;
      }
  return seen;
}

TEST_P(MakePacks, PacksAreAsPlanned) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto examples = random_examples(seed, GetParam().longest_context);
    Packing o = options();
    o.costs = {1e9, 1};  // so that the sum shows both
    const auto packs = make_packs(examples, o);
    const auto plans = plan_packs(shapes_of(examples), o);
    ASSERT_EQ(packs.size(), plans.size());
    for (std::size_t p = 0; p < packs.size(); ++p) {
      std::int64_t padding = 0;
      for (const PlannedSequence& sequence : plans[p].sequences) padding += sequence.padding;
      EXPECT_EQ(packs[p].rows(), plans[p].rows);
      EXPECT_EQ(packs[p].padding_rows(), padding);
      EXPECT_EQ(packs[p].loss_rows.size(), static_cast<std::size_t>(plans[p].loss_rows));
      EXPECT_EQ(1e9 * static_cast<double>(packs[p].rows()) + seen_pairs(packs[p]), plans[p].cost);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, MakePacks,
                         ::testing::Values(Case{30, 40, true, false}, Case{30, 40, false, false},
                                           Case{30, 1 << 20, true, false}, Case{300, 700, true, true},
                                           Case{300, 700, false, true}, Case{300, 1 << 20, true, true}));

// Only what the pack needs is read, and each example once, also where several sequences of a pack
// repeat its context.
TEST(BuildPack, ReadsEachOfItsExamplesOnce) {
  const auto examples = random_examples(3, 30);
  for (const bool share : {true, false}) {
    const StepPlan step = plan_step(shapes_of(examples), Packing{200, LossWeighting::token, share});
    ASSERT_GT(step.packs.size(), 1u);
    for (const PackPlan& plan : step.packs) {
      std::set<std::size_t> named, read;
      for (const PlannedSequence& sequence : plan.sequences) named.insert(sequence.example);
      const Pack pack = build_pack(plan, step.weights, [&](std::size_t e) {
        EXPECT_TRUE(read.insert(e).second) << "read twice";
        return examples[e];
      });
      EXPECT_EQ(read, named);
      EXPECT_EQ(pack.rows(), plan.rows);
    }
  }
}

TEST(MakePacksTable, WeightsAreWhatTheWeightingSays) {
  const std::vector<EncodedExample> step = {{{}, {{{1}, {2, 3, 4, 5}}}}, {{}, {{{1}, {2}}}}};
  EXPECT_EQ(make_packs(step, {100, LossWeighting::sample, true})[0].weights,
            (std::vector<double>{0.125, 0.125, 0.125, 0.125, 0.5}));
  EXPECT_EQ(make_packs(step, {100, LossWeighting::token, true})[0].weights, (std::vector<double>(5, 0.2)));
}

TEST(MakePacksTable, NothingToLearnMakesNoPack) {
  EXPECT_TRUE(make_packs({}, {}).empty());
  EXPECT_TRUE(make_packs({{{1, 2, 3}, {}}}, {}).empty());
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
}  // namespace film::batches

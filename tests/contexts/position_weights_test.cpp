// Evidence that is placed unevenly on purpose.
#include "contexts/position_weights.h"

#include <gtest/gtest.h>

#include "contexts/statistics.h"
#include "support.h"

namespace film::contexts {
namespace {

using namespace testing_contexts;

// Weights of four parts over twelve slots: slots 0-2 have weight 4, 3-5 weight 1, 6-8 none, 9-11 weight 3.
TEST(ContextSampler, PositionWeightsPlaceTheEvidence) {
  const corpus::CorpusIndex index = make_index({.documents = 2000});
  ContextSettings settings = settings_for(100, 20000);
  settings.segments = 12;
  settings.position_weights = {4, 1, 0, 3};
  std::vector<double> slots(12), expected = {4, 4, 4, 1, 1, 1, 0, 0, 0, 3, 3, 3};
  for (double& slot : expected) slot *= 6000.0 / 24;
  ContextStatistics statistics(settings, index);
  for (const Context& context : draw_many(index, settings, 6000)) {
    ++slots[context.evidence.at(0)];
    statistics.add(context);
  }
  EXPECT_EQ(slots[6] + slots[7] + slots[8], 0);
  EXPECT_GT(chi_square(slots, expected).p, 1e-4);
  EXPECT_FALSE(statistics.facts().slots.chi_square);  // no claim of evenness
}

TEST(ContextSampler, EvidenceThatFindsNoWeightedSlotStandsAnywhere) {
  const corpus::CorpusIndex index = make_index({.documents = 2000});
  ContextSettings settings = settings_for(100, 20000);
  settings.segments = 6;
  settings.questions_per_context = 3;
  settings.position_weights = {1, 0, 0, 0, 0, 1};
  std::vector<double> others(6);
  for (const Context& context : draw_many(index, settings, 2000)) {
    ASSERT_EQ(context.evidence.size(), 3u);
    EXPECT_EQ(context.evidence[0], 0u);
    EXPECT_EQ(context.evidence[2], 5u);
    ++others[context.evidence[1]];
  }
  EXPECT_GT(chi_square(others, {0, 500, 500, 500, 500, 0}).p, 1e-4);
}

TEST(PositionWeights, ASlotHasOfEachPartTheShareThatItCovers) {
  using Weights = std::vector<std::uint64_t>;
  EXPECT_EQ(slot_weights({4, 1, 1, 4}, 2), Weights({10, 10}));
  EXPECT_EQ(slot_weights({4, 1, 1, 4}, 4), Weights({16, 4, 4, 16}));
  EXPECT_EQ(slot_weights({4, 0, 4}, 2), Weights({8, 8}));
  EXPECT_EQ(slot_weights({2, 0}, 3), Weights({4, 2, 0}));
  EXPECT_EQ(slot_weights({1}, 5), Weights({1, 1, 1, 1, 1}));
}

}  // namespace
}  // namespace film::contexts

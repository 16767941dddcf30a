// Numbers of the manifest that say how even contexts are.
#include "contexts/statistics.h"

#include <gmock/gmock.h>

#include "support.h"

namespace film::contexts {
namespace {

using Counts = std::vector<double>;

// A context of `segments` segments of 100 tokens with evidence at the given slots.
Context context_of(std::size_t segments, std::vector<std::uint32_t> evidence, std::uint32_t target = 0) {
  Context context;
  context.split = Split::train;
  for (std::uint32_t i = 0; i < segments; ++i) context.segments.push_back(i);
  context.evidence = std::move(evidence);
  context.tokens = static_cast<std::uint32_t>(101 * segments - 1);
  context.target_tokens = target;
  return context;
}

corpus::CorpusIndex index_of(std::size_t segments) {
  corpus::CorpusIndex index;
  index.tokens.assign(segments, 100);
  return index;
}

TEST(ContextStatistics, CountsEverySlotOfShortContexts) {
  const corpus::CorpusIndex index = index_of(4);
  ContextSettings settings;
  settings.segments = 4;
  ContextStatistics statistics(settings, index);
  statistics.add(context_of(4, {0}));
  statistics.add(context_of(4, {2, 3}));
  const ContextFacts facts = statistics.facts();
  EXPECT_EQ(facts.slots.counts, (Counts{1, 0, 1, 1}));
  EXPECT_EQ(facts.slots.expected, (Counts{0.75, 0.75, 0.75, 0.75}));
  EXPECT_EQ(facts.offsets.counts, (Counts{1, 0, 1, 1}));
  EXPECT_EQ(facts.all.questions, 3u);
  EXPECT_EQ(facts.by_split.at("train").contexts, 2u);
}

TEST(ContextStatistics, PutsSlotsOfLongContextsIntoSixteenBins) {
  const corpus::CorpusIndex index = index_of(40);
  const ContextSettings settings;
  ContextStatistics statistics(settings, index);
  statistics.add(context_of(40, {0, 20, 39}, 4000));
  const ContextFacts facts = statistics.facts();
  Counts expected(16);
  expected[0] = expected[8] = expected[15] = 1;
  EXPECT_EQ(facts.slots.counts, expected);
  double sum = 0;
  for (const double count : facts.slots.expected) {
    EXPECT_NEAR(count, 3.0 / 16, 3.0 / 40);
    sum += count;
  }
  EXPECT_NEAR(sum, 3, 1e-9);
  EXPECT_EQ(facts.target_deviation->max, 39u);
}

TEST(ContextStatistics, LeavesShortDocumentsOut) {
  const corpus::CorpusIndex index = index_of(4);
  const ContextSettings settings;
  ContextStatistics statistics(settings, index);
  Context context = context_of(4, {1});
  context.kind = ContextKind::short_text;
  statistics.add(context);
  EXPECT_EQ(statistics.facts().slots.counts, Counts(16));
  EXPECT_TRUE(to_json(statistics.facts()).at("lengths").empty());
  EXPECT_EQ(statistics.facts().by_kind.at("short").tokens, 403u);
}

}  // namespace
}  // namespace film::contexts

// Contexts: what may stand in one, how long it gets, and that every slot is equally likely.
#include "contexts/sampler.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "contexts/statistics.h"
#include "film/base/error.h"
#include "support.h"

namespace film::contexts {
namespace {

using testing::HasSubstr;
using namespace testing_contexts;

// What holds for every context, whatever its kind.
void expect_sound(const corpus::CorpusIndex& index, const ContextSettings& settings, const Context& context,
                  Split split) {
  std::set<std::uint64_t> segments;
  std::set<std::uint16_t> attributes;
  std::uint64_t tokens = (context.segments.size() - 1) * kNewline;
  for (const std::uint64_t segment : context.segments) {
    EXPECT_TRUE(segments.insert(segment).second) << "a segment twice";
    EXPECT_EQ(index.split[index.document[segment]], split);
    tokens += index.tokens[segment];
    const std::uint16_t attribute = index.attribute_of(segment);
    if (attribute != 0) {
      EXPECT_TRUE(attributes.insert(attribute).second) << "two records of an attribute";
    }
  }
  EXPECT_EQ(context.tokens, tokens);
  EXPECT_LE(context.tokens, settings.target.max);
  EXPECT_TRUE(std::ranges::is_sorted(context.evidence));
  EXPECT_FALSE(context.evidence.empty());
  const auto evidence = documents_of(index, context, true);
  const std::set<std::uint32_t> evidence_documents(evidence.begin(), evidence.end());
  if (context.kind == ContextKind::short_text) return;
  for (const std::uint32_t document : documents_of(index, context, false))
    EXPECT_FALSE(evidence_documents.contains(document)) << "a filler of an evidence document";
}

TEST(ContextSampler, FineGrainedContextsAreSound) {
  const corpus::CorpusIndex index =
      make_index({.documents = 310});  // a pass over a split ends within a context
  for (const std::uint32_t k : {1u, 2u, 5u})
    for (const Split split : {Split::train, Split::validation, Split::test}) {
      ContextSettings settings = settings_for(1000, 4000);
      settings.questions_per_context = k;
      for (const Context& context : draw_many(index, settings, 200, split)) {
        expect_sound(index, settings, context, split);
        EXPECT_EQ(context.evidence.size(), k);
        const auto evidence = documents_of(index, context, true);
        EXPECT_EQ(std::set(evidence.begin(), evidence.end()).size(), k);
        EXPECT_GE(context.tokens, 1000u);
      }
    }
}

TEST(ContextSampler, LengthsMeetTheirTargets) {
  const corpus::CorpusIndex index = make_index({.documents = 2000});
  const ContextSettings settings = settings_for(4096, 32000);
  ContextStatistics statistics(settings, index);
  double off = 0;
  const auto contexts = draw_many(index, settings, 800);
  for (const Context& context : contexts) {
    EXPECT_GE(context.tokens, 4096u);
    EXPECT_LE(context.tokens, 32000u);
    off += std::abs(static_cast<double>(context.tokens) - context.target_tokens);
    statistics.add(context);
  }
  EXPECT_LT(off / 800, 50);
  const ContextFacts facts = statistics.facts();
  EXPECT_GT(facts.lengths->chi_square->p, 1e-4);
  EXPECT_NEAR(facts.target_deviation->mean, off / 800, 1e-9);
}

TEST(ContextSampler, EverySlotIsEquallyLikely) {
  const corpus::CorpusIndex index = make_index({.documents = 2000});
  for (const std::uint32_t k : {1u, 3u}) {
    ContextSettings settings = settings_for(100, 20000);
    settings.segments = 12;
    settings.questions_per_context = k;
    std::vector<double> slots(12), expected(12, 500.0 * k);
    for (const Context& context : draw_many(index, settings, 6000)) {
      EXPECT_EQ(context.segments.size(), 12u);
      EXPECT_EQ(context.target_tokens, 0u);
      for (const std::uint32_t slot : context.evidence) ++slots[slot];
    }
    EXPECT_GT(chi_square(slots, expected).p, 1e-4) << k;
  }
  ContextStatistics statistics(settings_for(4096, 32000), index);
  for (const Context& context : draw_many(index, settings_for(4096, 32000), 1500)) statistics.add(context);
  EXPECT_GT(statistics.facts().slots.chi_square->p, 1e-4);
}

TEST(ContextSampler, FillersComeFromAllOverTheSplit) {
  const corpus::CorpusIndex index = make_index({});
  std::vector<double> uses(index.segments()), expected(index.segments());
  std::uint64_t pool = 0;
  for (std::size_t s = 0; s < index.segments(); ++s)
    pool += index.split[index.document[s]] == Split::train ? 1 : 0;
  double fillers = 0;
  ContextSettings settings = settings_for(1, 100000);
  settings.segments = 10;
  for (const Context& context : draw_many(index, settings, 4000))
    for (std::uint32_t i = 0; i < 10; ++i)
      if (i != context.evidence[0]) ++uses[context.segments[i]], ++fillers;
  for (std::size_t s = 0; s < index.segments(); ++s)
    expected[s] = index.split[index.document[s]] == Split::train ? fillers / static_cast<double>(pool) : 0;
  EXPECT_GT(chi_square(uses, expected).p, 1e-5);
}

TEST(ContextSampler, UsesEveryDocumentOnceBeforeAnyTwice) {
  const corpus::CorpusIndex index = make_index({});
  const auto train = std::ranges::count(index.split, Split::train);
  std::map<std::uint32_t, int> uses;
  ContextSettings settings = settings_for(500, 800);
  settings.questions_per_context = 2;
  for (const Context& context : draw_many(index, settings, static_cast<std::uint64_t>(train) / 2))
    for (const std::uint32_t document : documents_of(index, context, true)) ++uses[document];
  EXPECT_EQ(uses.size(), static_cast<std::size_t>(train));
  for (const auto& [document, count] : uses) EXPECT_EQ(count, 1) << document;
}

TEST(ContextSampler, DrawsEvidenceEvenlyFromItsDocument) {
  const corpus::CorpusIndex index = make_index({});
  std::vector<double> places(4), expected(4);
  for (const Context& context : draw_many(index, settings_for(500, 800), 4000)) {
    const std::uint64_t segment = context.segments[context.evidence[0]];
    const std::uint64_t first = index.first_segment[index.document[segment]];
    if (index.first_segment[index.document[segment] + 1] - first == 4) ++places[segment - first];
  }
  for (double& count : expected) count = (places[0] + places[1] + places[2] + places[3]) / 4;
  EXPECT_GT(expected[0], 50);
  EXPECT_GT(chi_square(places, expected).p, 1e-4);
}

TEST(ContextSampler, IntegrationHoldsAWholeDocument) {
  const corpus::CorpusIndex index = make_index({});
  ContextSettings settings = settings_for(2000, 5000);
  settings.kinds = {0, 1, 0};
  settings.document_max = 900;
  std::set<bool> shuffled;
  for (const Context& context : draw_many(index, settings, 300, Split::train, ContextKind::integration)) {
    expect_sound(index, settings, context, Split::train);
    const auto evidence = documents_of(index, context, true);
    const std::uint32_t document = evidence.front();
    EXPECT_EQ(std::set(evidence.begin(), evidence.end()).size(), 1u);
    EXPECT_EQ(evidence.size(), index.first_segment[document + 1] - index.first_segment[document]);
    EXPECT_GE(evidence.size(), 2u);
    std::vector<std::uint64_t> pieces;
    for (const std::uint32_t i : context.evidence) pieces.push_back(context.segments[i]);
    shuffled.insert(!std::ranges::is_sorted(pieces));
  }
  EXPECT_EQ(shuffled.size(), 2u);  // in order now and then, mostly not
}

TEST(ContextSampler, ShortIsOneDocumentInItsOrder) {
  const corpus::CorpusIndex index = make_index({});
  ContextSettings settings = settings_for(2000, 5000);
  settings.kinds = {0, 0, 1};
  settings.document_max = 900;
  for (const Context& context : draw_many(index, settings, 300, Split::test, ContextKind::short_text)) {
    expect_sound(index, settings, context, Split::test);
    EXPECT_EQ(context.evidence.size(), 1u);
    EXPECT_LE(context.tokens, 900u);
    EXPECT_TRUE(std::ranges::is_sorted(context.segments));
    const std::uint32_t document = index.document[context.segments[0]];
    EXPECT_EQ(context.segments.size(), index.first_segment[document + 1] - index.first_segment[document]);
  }
}

TEST(ContextSampler, AsksAboutPlantedSegmentsOnly) {
  const corpus::CorpusIndex index = make_index({.documents = 1000, .attributes = 12, .planted_every = 4});
  ContextSettings settings = settings_for(3000, 9000);
  settings.evidence = EvidenceChoice::planted;
  settings.questions_per_context = 3;
  for (const Context& context : draw_many(index, settings, 300)) {
    expect_sound(index, settings, context, Split::train);
    EXPECT_EQ(context.evidence.size(), 3u);
    for (const std::uint32_t i : context.evidence) EXPECT_NE(index.attribute_of(context.segments[i]), 0);
  }
}

TEST(ContextSampler, AsksAboutEveryPlantedSegment) {
  for (const std::uint64_t every : {1u, 3u}) {
    const corpus::CorpusIndex index =
        make_index({.documents = 1000, .attributes = 12, .planted_every = every});
    ContextSettings settings = settings_for(10, 30000);
    settings.questions_per_context = 0;
    settings.segments = 8;
    for (const Context& context : draw_many(index, settings, 500)) {
      expect_sound(index, settings, context, Split::train);
      EXPECT_EQ(context.segments.size(), 8u);
      if (every == 1) {
        EXPECT_EQ(context.evidence.size(), 8u);
      }
      for (std::uint32_t i = 0; i < 8; ++i)
        EXPECT_EQ(std::ranges::binary_search(context.evidence, i),
                  index.attribute_of(context.segments[i]) != 0);
      const auto evidence = documents_of(index, context, true);
      EXPECT_EQ(std::set(evidence.begin(), evidence.end()).size(), evidence.size());
    }
  }
}

TEST(ContextSampler, RunsToTheLastSegmentAndThenSaysSo) {
  const corpus::CorpusIndex index = make_index({.documents = 3000, .max_segments = 1});
  ContextSettings settings = settings_for(10, 1000000);
  settings.segments = 2400;  // all that train has
  expect_sound(index, settings, draw_many(index, settings, 1)[0], Split::train);
  settings.segments = 2401;
  try {
    draw_many(index, settings, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_THAT(error.what(), HasSubstr("train"));
    EXPECT_THAT(error.what(), HasSubstr("2401 segments"));
  }
}

TEST(ContextSampler, RefusesSplitsThatAreTooSmall) {
  const corpus::CorpusIndex index = make_index({.documents = 40});
  EXPECT_THROW(draw_many(index, settings_for(1000, 32000), 1), Error);
  ContextSettings settings = settings_for(100, 200);
  settings.train = settings.test = 0;
  settings.validation = 1;
  corpus::CorpusIndex none = index;
  for (Split& split : none.split) split = Split::train;
  EXPECT_THROW(draw_many(none, settings, 1), Error);
}

// A pool with a few huge segments: they neither burst the ceiling nor end a context far off its target.
TEST(ContextSampler, CopesWithHugeSegments) {
  corpus::CorpusIndex index = make_index({.documents = 2000});
  for (std::size_t s = 0; s < index.segments(); s += 10) index.tokens[s] = 6000;
  const ContextSettings settings = settings_for(4096, 16000);
  double off = 0;
  for (const Context& context : draw_many(index, settings, 400)) {
    expect_sound(index, settings, context, Split::train);
    EXPECT_GE(context.tokens, 4096u);
    off += std::abs(static_cast<double>(context.tokens) - context.target_tokens);
  }
  EXPECT_LT(off / 400, 60);
}

TEST(PlanKinds, IsExactToOneAtEveryPrefix) {
  const auto plan = plan_kinds({110, 30, 15}, 3100);
  std::array<double, 3> made{};
  const std::array<double, 3> weights = {110, 30, 15};
  for (std::size_t i = 0; i < plan.size(); ++i) {
    ++made[static_cast<std::size_t>(plan[i])];
    for (std::size_t k = 0; k < 3; ++k)
      ASSERT_NEAR(made[k], static_cast<double>(i + 1) * weights[k] / 155, 1.0 + 1e-9);
  }
  EXPECT_EQ(made[0], 2200);
  for (const ContextKind kind : plan_kinds({0, 1, 0}, 20)) EXPECT_EQ(kind, ContextKind::integration);
}

}  // namespace
}  // namespace film::contexts

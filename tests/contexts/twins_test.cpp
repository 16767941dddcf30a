// Twins: contexts without the evidence of another.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "../support/synth_case.h"
#include "contexts/sampler.h"
#include "film/base/lines.h"
#include "film/corpus/store.h"
#include "support.h"

namespace film::contexts {
namespace {

using support::hashes;
using support::plant;
using support::SynthCase;

constexpr std::uint64_t kNewlineOfModel = 1;  // ids of a newline in the small model

std::map<std::uint64_t, Context> contexts_in(const fs::path& data) {
  std::map<std::uint64_t, Context> contexts;
  for_each_record(data / "contexts/part-00000.jsonl", [&](const Json& line, const std::string& where) {
    Context context = from_json<Context>(line, where);
    contexts[context.id] = std::move(context);
  });
  return contexts;
}

TEST(Twins, HoldOtherTextInPlaceOfTheEvidence) {
  for (const bool planted : {false, true}) {
    SynthCase c;
    if (planted) plant(c.settings);
    c.settings.contexts.kinds = {2, 1, 1};
    c.settings.contexts.questions_per_context = 2;
    c.settings.contexts.twins = 0.3;
    const SynthFacts facts = c.run("data");
    const auto contexts = contexts_in(c.folder / "data");
    const corpus::SegmentStore store(c.folder / "data", 2);
    std::uint64_t twins = 0;
    for (const auto& [id, twin] : contexts) {
      if (!twin.twin_of) continue;
      ++twins;
      const Context& context = contexts.at(*twin.twin_of);
      EXPECT_EQ(twin.kind, context.kind);
      EXPECT_EQ(twin.split, Split::train);
      EXPECT_TRUE(twin.evidence.empty());
      std::uint64_t tokens = (twin.segments.size() - 1) * kNewlineOfModel;
      for (const std::uint32_t segment : twin.segments) tokens += store.row(segment).tokens;
      EXPECT_EQ(tokens, twin.tokens);
      EXPECT_LE(twin.tokens, c.settings.contexts.target.max);
      ASSERT_EQ(twin.segments.size(), context.segments.size());
      const std::set<std::uint32_t> all(context.segments.begin(), context.segments.end());
      for (std::uint32_t i = 0; i < twin.segments.size(); ++i) {
        const bool evidence = std::ranges::binary_search(context.evidence, i);
        EXPECT_EQ(twin.segments[i] != context.segments[i], evidence);
        EXPECT_FALSE(evidence && all.contains(twin.segments[i]));
      }
    }
    EXPECT_EQ(facts.contexts.twins.value().count, twins);
    EXPECT_EQ(facts.contexts.all.contexts, contexts.size());
    EXPECT_GE(twins, 18u);  // 0.3 of 60, and some more
  }
}

TEST(Twins, LeaveAllElseAsItIs) {
  SynthCase c;
  c.run("without");
  c.settings.contexts.twins = 0.1;
  c.run("with");
  const auto without = contexts_in(c.folder / "without"), with = contexts_in(c.folder / "with");
  for (const auto& [id, context] : without) EXPECT_EQ(to_json(context), to_json(with.at(id)));
  EXPECT_GT(with.size(), without.size());
  for (auto twin = with.find(without.size()); twin != with.end(); ++twin) EXPECT_TRUE(twin->second.twin_of);
  EXPECT_EQ(hashes(c.folder / "without").at("segments/part-00000.tokens"),
            hashes(c.folder / "with").at("segments/part-00000.tokens"));
}

TEST(Twins, ArePlannedEvenly) {
  ContextSettings settings;
  settings.train = 1000;
  settings.twins = 0.2;
  settings.kinds = {110, 30, 15};
  std::uint64_t short_ones = 0, first_half = 0, twins = 0;
  for (const ContextTask& task : plan_tasks(settings)) {
    if (!task.twin) continue;
    ++twins;
    short_ones += task.kind == ContextKind::short_text ? 1 : 0;
    first_half += task.of < 500 ? 1 : 0;
  }
  EXPECT_EQ(short_ones, 0u);
  EXPECT_NEAR(static_cast<double>(twins), 1.5 * 0.2 * 903, 20);
  EXPECT_NEAR(static_cast<double>(first_half), static_cast<double>(twins) / 2, 2);
  settings.twins = 1;
  EXPECT_EQ(plan_tasks(settings).size(), 1000u + 100 + 100 + 903);
}

}  // namespace
}  // namespace film::contexts

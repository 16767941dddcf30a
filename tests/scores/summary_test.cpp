#include "film/scores/summary.h"

#include <gtest/gtest.h>

#include <map>

#include "fakes.h"
#include "scores/intervals.h"
#include "scores/val.h"

namespace film::scores {
namespace {

using testing::made_task;
using testing::predictions;

TEST(Summary, MeansOverBinsByHand) {
  const tasks::Task task = made_task(3, 20);  // 60 items, 10 bins of 2 slots: 6 each
  Settings settings;
  const Score score = summarise(
      task,
      predictions(
          task,
          [](const tasks::Item& i) { return i.evidence->slot < 2 || i.evidence->slot == 19 ? 1.0 : 0.0; }),
      settings);
  ASSERT_EQ(score.curve->positions.size(), 10u);
  EXPECT_EQ(score.count, 60u);
  EXPECT_DOUBLE_EQ(score.curve->positions[0].mean, 100);
  EXPECT_DOUBLE_EQ(score.curve->positions[1].mean, 0);
  EXPECT_DOUBLE_EQ(score.curve->positions[9].mean, 50);
  EXPECT_DOUBLE_EQ(score.average, 15);
  EXPECT_DOUBLE_EQ(score.curve->gap, 100);
  EXPECT_DOUBLE_EQ(score.curve->positions[3].begin, 0.3);
  EXPECT_DOUBLE_EQ(score.curve->positions[9].end, 1);
  const Interval bin = wilson(0.5, 6), all = wilson(0.15, 60);
  EXPECT_DOUBLE_EQ(score.curve->positions[9].low, 100 * bin.low);
  EXPECT_DOUBLE_EQ(score.low, 100 * all.low);
  EXPECT_DOUBLE_EQ(score.high, 100 * all.high);
  EXPECT_EQ(score.notes["interval"], "Wilson");
}

TEST(Summary, BinsAgreeWithExactFractions) {
  for (const std::uint32_t slots : {1u, 2u, 3u, 7u, 10u, 33u, 100u}) {
    const tasks::Task task = made_task(1, slots);
    for (const std::uint32_t bins : {1u, 3u, 5u, 10u}) {
      Settings settings;
      settings.bins = bins;
      settings.resamples = 100;
      const Score score =
          summarise(task, predictions(task, [](const tasks::Item&) { return 1.0; }), settings);
      std::map<std::uint32_t, std::uint64_t> counts;
      for (std::uint32_t s = 0; s < slots; ++s) {
        std::uint32_t b = 0;  // the bin whose [b/bins, (b+1)/bins) holds (2s+1)/(2 slots)
        while ((b + 1) * 2 * slots <= (2 * s + 1) * bins) ++b;
        ++counts[b];
      }
      for (std::uint32_t b = 0; b < bins; ++b)
        EXPECT_EQ(score.curve->positions[b].count, counts[b]) << slots << ' ' << bins;
    }
  }
}

TEST(Summary, UnevenBinsAverageByBinNotByItem) {
  tasks::Task task = made_task(1, 4);
  task.contexts[0].items.pop_back();  // second half has one item
  Settings settings;
  settings.bins = 2;
  const Score score = summarise(
      task, predictions(task, [](const tasks::Item& i) { return i.evidence->slot >= 2 ? 1.0 : 0.0; }),
      settings);
  EXPECT_DOUBLE_EQ(score.average, 50);
  EXPECT_NEAR(score.notes["plain_mean"].get<double>(), 100.0 / 3, 1e-12);
  const Interval i = wilson(0.5, 4 / 1.5);  // effective number: 2^2 / (1/2 + 1/1)
  EXPECT_DOUBLE_EQ(score.low, 100 * i.low);
}

TEST(Summary, FractionalMetricsUseTheBootstrap) {
  const tasks::Task task = made_task(5, 20, "word recall");
  Settings settings;
  const auto given =
      predictions(task, [](const tasks::Item& i) { return (i.evidence->slot * 7 % 11) / 10.0; });
  const Score score = summarise(task, given, settings);
  EXPECT_EQ(score.notes["interval"], "bootstrap");
  EXPECT_LT(score.low, score.average);
  EXPECT_GT(score.high, score.average);
  EXPECT_EQ(to_line(to_json(score)), to_line(to_json(summarise(task, given, settings))));
}

TEST(Summary, UnansweredItemsAreCounted) {
  const tasks::Task task = made_task(2, 10);
  auto given = predictions(task, [](const tasks::Item&) { return 1.0; });
  given.resize(15);
  const Score score = summarise(task, given, Settings());
  EXPECT_EQ(score.count, 15u);
  EXPECT_EQ(score.notes["unanswered"], 5);
}

TEST(Summary, GapByChanceShrinksWithData) {
  Settings settings;
  settings.resamples = 300;
  const auto noisy = [](const tasks::Item& i) {
    return i.evidence->slot * 2654435761u % 97 < 48 ? 1.0 : 0.0;
  };
  const tasks::Task small = made_task(5, 20), large = made_task(200, 20);
  const double few = summarise(small, predictions(small, noisy), settings).notes["gap_by_chance"]["mean"];
  const double many = summarise(large, predictions(large, noisy), settings).notes["gap_by_chance"]["mean"];
  EXPECT_GT(few, 3 * many);
  EXPECT_GT(many, 0);
}

TEST(Val, SpansByHandWithAndWithoutTheOffByOne) {
  // Two sets of 5 rows, spans of 2: {0,1} {2,3} {4}.
  const std::vector<std::optional<double>> rows = {1, 0, 1, 1, 0, 0, 0, 1, std::nullopt, 1};
  const ValSummary all = val_summary(rows, 5, 2, false);
  EXPECT_EQ(all.spans, (std::vector<double>{25, 100, 50}));
  EXPECT_DOUBLE_EQ(all.gap, 75);
  EXPECT_NEAR(all.average, 175.0 / 3, 1e-12);
  EXPECT_EQ(all.deviation, (std::vector<double>{25, 0, 50}));
  const ValSummary plot = val_summary(rows, 5, 2, true);  // row 1 and row 3 of each set are left out
  EXPECT_EQ(plot.spans, (std::vector<double>{50, 100, 50}));
}

TEST(Val, AggregationOfAScoreIsValSummary) {
  const tasks::Task task = made_task(2, 120);
  const auto score_of = [](const tasks::Item& i) {
    return i.evidence->slot % 50 == 49 || i.evidence->slot % 3 == 0 ? 1.0 : 0.0;
  };
  for (const bool plot : {false, true}) {
    Settings settings;
    settings.aggregation = plot ? Aggregation::val_plot : Aggregation::val;
    settings.resamples = 100;
    const Score score = summarise(task, predictions(task, score_of), settings);
    std::vector<std::optional<double>> rows;
    for (const auto& context : task.contexts)
      for (const tasks::Item& item : context.items) rows.push_back(score_of(item));
    const ValSummary val = val_summary(rows, 120, 50, plot);
    ASSERT_EQ(score.curve->positions.size(), 3u);
    EXPECT_DOUBLE_EQ(score.average, val.average);
    EXPECT_DOUBLE_EQ(score.curve->gap, val.gap);
    EXPECT_EQ(score.count, plot ? 236u : 240u);
  }
}

TEST(Compare, DifferencesAndTheirIntervals) {
  const tasks::Task task = made_task(20, 20);
  Settings settings;
  settings.resamples = 500;
  const auto ends = predictions(
      task, [](const tasks::Item& i) { return i.evidence->slot < 2 || i.evidence->slot >= 18 ? 1.0 : 0.0; });
  const auto all = predictions(task, [](const tasks::Item&) { return 1.0; });
  const Comparison c = compare(task, ends, all, "before", "after", settings);
  EXPECT_EQ(c.count, 400u);
  EXPECT_EQ(c.better, 320u);
  EXPECT_EQ(c.worse, 0u);
  EXPECT_DOUBLE_EQ(c.difference, 80);
  EXPECT_LT(c.low, 80);
  EXPECT_GT(c.low, 74);
  EXPECT_GT(c.high, 80);
  EXPECT_DOUBLE_EQ(c.curve->gap, -100);
  EXPECT_DOUBLE_EQ(c.curve->positions[0].mean, 0);
  EXPECT_DOUBLE_EQ(c.curve->positions[5].mean, 100);
  EXPECT_LT(c.curve->positions[5].low, 100);
  const Comparison back = compare(task, all, ends, "after", "before", settings);
  EXPECT_NEAR(back.difference, -80, 1e-12);
  EXPECT_NEAR(back.high, -c.low, 1e-9);
}

TEST(Compare, PairingMakesFractionalIntervalsNarrow) {
  const tasks::Task task = made_task(10, 20, "word recall");
  Settings settings;
  settings.resamples = 500;
  const auto spread = [](const tasks::Item& i) { return (i.evidence->slot * 13 % 17) / 20.0; };
  const auto before = predictions(task, spread);
  const auto after = predictions(task, [&](const tasks::Item& i) { return spread(i) + 0.1; });
  const Comparison c = compare(task, before, after, "a", "b", settings);
  EXPECT_NEAR(c.difference, 10, 1e-9);
  EXPECT_NEAR(c.low, 10, 1e-6);  // every pair differs by the same: only pairing shows it
  EXPECT_NEAR(c.high, 10, 1e-6);
}

TEST(Compare, OnlyItemsOfBothCountAndOrderDoesNot) {
  const tasks::Task task = made_task(2, 10);
  auto before = predictions(task, [](const tasks::Item&) { return 0.0; });
  auto after = predictions(task, [](const tasks::Item&) { return 1.0; });
  before.resize(12);
  std::reverse(after.begin(), after.end());
  Settings settings;
  settings.resamples = 100;
  EXPECT_EQ(compare(task, before, after, "a", "b", settings).count, 12u);
}

TEST(WithoutPositions, TheAverageIsPlainAndThereIsNoCurve) {
  const tasks::Task placed = made_task(3, 20);
  const tasks::Task task = testing::without_positions(placed);
  const auto first_slots = [](const tasks::Item& i) { return i.id.ends_with("00000") ? 1.0 : 0.0; };
  const auto given = predictions(task, first_slots);
  const Score score = summarise(task, given, Settings());
  EXPECT_FALSE(score.curve);
  EXPECT_EQ(score.count, 60u);
  EXPECT_DOUBLE_EQ(score.average, 5);
  EXPECT_DOUBLE_EQ(score.low, 100 * wilson(0.05, 60).low);
  EXPECT_FALSE(score.notes.contains("gap_by_chance"));
  const Json json = to_json(score);
  EXPECT_FALSE(json.contains("gap"));
  EXPECT_FALSE(json.contains("positions"));
  EXPECT_EQ(to_json(from_json<Score>(json, "t")), json);
  Settings val;
  val.aggregation = Aggregation::val;  // of spans of slots: has nothing to say here
  EXPECT_DOUBLE_EQ(summarise(task, given, val).average, 5);
}

TEST(WithoutPositions, TwoModelsAreComparedAllTheSame) {
  const tasks::Task task = testing::without_positions(made_task(1, 50));
  const auto none = predictions(task, [](const tasks::Item&) { return 0.0; });
  const auto half =
      predictions(task, [](const tasks::Item& i) { return (i.id.back() - '0') % 2 == 0 ? 1.0 : 0.0; });
  const Comparison c = compare(task, none, half, "a", "b", Settings());
  EXPECT_DOUBLE_EQ(c.difference, 50);
  EXPECT_EQ(c.better, 25u);
  EXPECT_FALSE(c.curve);
  EXPECT_LT(c.low, 50);
  EXPECT_FALSE(to_json(c).contains("gap_difference"));
}

// Where contexts differ in length: bands of equal width, each by position.
TEST(Summary, ByLengthWhereThereAreSeveral) {
  tasks::Task task = testing::made_task(4, 10);
  const auto graded = [](const tasks::Item& item) { return item.evidence->slots > 20 ? 0.0 : 1.0; };
  EXPECT_FALSE(summarise(task, testing::predictions(task, graded), {}).by_length.has_value());
  for (const std::uint32_t slots : {14u, 40u, 41u}) {
    tasks::Task longer = testing::made_task(1, slots);
    for (tasks::Item& item : longer.contexts[0].items) item.id += "-of-" + std::to_string(slots);
    task.contexts.push_back(longer.contexts[0]);
  }
  const Score score = summarise(task, testing::predictions(task, graded), {});
  ASSERT_TRUE(score.by_length.has_value());
  ASSERT_EQ(score.by_length->size(), 2u);
  EXPECT_EQ((*score.by_length)[0].least, 10u);
  EXPECT_EQ((*score.by_length)[0].most, 14u);
  EXPECT_EQ((*score.by_length)[1].most, 41u);
  std::uint64_t count = 0;
  for (const LengthScores& row : *score.by_length)
    for (const PositionScore& cell : row.positions) {
      count += cell.count;
      EXPECT_EQ(cell.mean, row.most > 20 ? 0 : 100);
    }
  EXPECT_EQ(count, score.count);
  EXPECT_EQ(to_json(from_json<Score>(to_json(score), "t")), to_json(score));
}

}  // namespace
}  // namespace film::scores

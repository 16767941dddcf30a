#include "film/scores/summary.h"

#include <gtest/gtest.h>

#include <map>

#include "fakes.h"
#include "film/scores/intervals.h"
#include "film/scores/val.h"

namespace film::scores {
namespace {

using testing::made_probe;
using testing::predictions;

TEST(Summary, MeansOverBinsByHand) {
  const Probe probe = made_probe(3, 20);  // 60 items, 10 bins of 2 slots: 6 each
  ProbeSettings settings;
  const Score score = summarise(
      probe, predictions(probe, [](const ProbeItem& i) { return i.slot < 2 || i.slot == 19 ? 1.0 : 0.0; }),
      settings);
  ASSERT_EQ(score.positions.size(), 10u);
  EXPECT_EQ(score.count, 60u);
  EXPECT_DOUBLE_EQ(score.positions[0].mean, 100);
  EXPECT_DOUBLE_EQ(score.positions[1].mean, 0);
  EXPECT_DOUBLE_EQ(score.positions[9].mean, 50);
  EXPECT_DOUBLE_EQ(score.average, 15);
  EXPECT_DOUBLE_EQ(score.gap, 100);
  EXPECT_DOUBLE_EQ(score.positions[3].begin, 0.3);
  EXPECT_DOUBLE_EQ(score.positions[9].end, 1);
  const Interval bin = wilson(0.5, 6), all = wilson(0.15, 60);
  EXPECT_DOUBLE_EQ(score.positions[9].low, 100 * bin.low);
  EXPECT_DOUBLE_EQ(score.low, 100 * all.low);
  EXPECT_DOUBLE_EQ(score.high, 100 * all.high);
  EXPECT_EQ(score.notes["interval"], "Wilson");
}

TEST(Summary, BinsAgreeWithExactFractions) {
  for (const std::uint32_t slots : {1u, 2u, 3u, 7u, 10u, 33u, 100u}) {
    const Probe probe = made_probe(1, slots);
    for (const std::uint32_t bins : {1u, 3u, 5u, 10u}) {
      ProbeSettings settings;
      settings.bins = bins;
      settings.resamples = 100;
      const Score score =
          summarise(probe, predictions(probe, [](const ProbeItem&) { return 1.0; }), settings);
      std::map<std::uint32_t, std::uint64_t> counts;
      for (std::uint32_t s = 0; s < slots; ++s) {
        std::uint32_t b = 0;  // the bin whose [b/bins, (b+1)/bins) holds (2s+1)/(2 slots)
        while ((b + 1) * 2 * slots <= (2 * s + 1) * bins) ++b;
        ++counts[b];
      }
      for (std::uint32_t b = 0; b < bins; ++b)
        EXPECT_EQ(score.positions[b].count, counts[b]) << slots << ' ' << bins;
    }
  }
}

TEST(Summary, UnevenBinsAverageByBinNotByItem) {
  Probe probe = made_probe(1, 4);
  probe.contexts[0].items.pop_back();  // second half has one item
  ProbeSettings settings;
  settings.bins = 2;
  const Score score = summarise(
      probe, predictions(probe, [](const ProbeItem& i) { return i.slot >= 2 ? 1.0 : 0.0; }), settings);
  EXPECT_DOUBLE_EQ(score.average, 50);
  EXPECT_NEAR(score.notes["plain_mean"].get<double>(), 100.0 / 3, 1e-12);
  const Interval i = wilson(0.5, 4 / 1.5);  // effective number: 2^2 / (1/2 + 1/1)
  EXPECT_DOUBLE_EQ(score.low, 100 * i.low);
}

TEST(Summary, FractionalMetricsUseTheBootstrap) {
  const Probe probe = made_probe(5, 20, "word recall");
  ProbeSettings settings;
  const auto given = predictions(probe, [](const ProbeItem& i) { return (i.slot * 7 % 11) / 10.0; });
  const Score score = summarise(probe, given, settings);
  EXPECT_EQ(score.notes["interval"], "bootstrap");
  EXPECT_LT(score.low, score.average);
  EXPECT_GT(score.high, score.average);
  EXPECT_EQ(to_line(to_json(score)), to_line(to_json(summarise(probe, given, settings))));
}

TEST(Summary, UnansweredItemsAreCounted) {
  const Probe probe = made_probe(2, 10);
  auto given = predictions(probe, [](const ProbeItem&) { return 1.0; });
  given.resize(15);
  const Score score = summarise(probe, given, ProbeSettings());
  EXPECT_EQ(score.count, 15u);
  EXPECT_EQ(score.notes["unanswered"], 5);
}

TEST(Summary, GapByChanceShrinksWithData) {
  ProbeSettings settings;
  settings.resamples = 300;
  const auto noisy = [](const ProbeItem& i) { return i.slot * 2654435761u % 97 < 48 ? 1.0 : 0.0; };
  const Probe small = made_probe(5, 20), large = made_probe(200, 20);
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

TEST(Val, ArithmeticOfAScoreIsValSummary) {
  const Probe probe = made_probe(2, 120);
  const auto score_of = [](const ProbeItem& i) { return i.slot % 50 == 49 || i.slot % 3 == 0 ? 1.0 : 0.0; };
  for (const bool plot : {false, true}) {
    ProbeSettings settings;
    settings.arithmetic = plot ? "val_plot" : "val";
    settings.resamples = 100;
    const Score score = summarise(probe, predictions(probe, score_of), settings);
    std::vector<std::optional<double>> rows;
    for (const auto& context : probe.contexts)
      for (const ProbeItem& item : context.items) rows.push_back(score_of(item));
    const ValSummary val = val_summary(rows, 120, 50, plot);
    ASSERT_EQ(score.positions.size(), 3u);
    EXPECT_DOUBLE_EQ(score.average, val.average);
    EXPECT_DOUBLE_EQ(score.gap, val.gap);
    EXPECT_EQ(score.count, plot ? 236u : 240u);
  }
}

TEST(Compare, DifferencesAndTheirIntervals) {
  const Probe probe = made_probe(20, 20);
  ProbeSettings settings;
  settings.resamples = 500;
  const auto ends =
      predictions(probe, [](const ProbeItem& i) { return i.slot < 2 || i.slot >= 18 ? 1.0 : 0.0; });
  const auto all = predictions(probe, [](const ProbeItem&) { return 1.0; });
  const Comparison c = compare(probe, ends, all, "before", "after", settings);
  EXPECT_EQ(c.count, 400u);
  EXPECT_EQ(c.better, 320u);
  EXPECT_EQ(c.worse, 0u);
  EXPECT_DOUBLE_EQ(c.difference, 80);
  EXPECT_LT(c.low, 80);
  EXPECT_GT(c.low, 74);
  EXPECT_GT(c.high, 80);
  EXPECT_DOUBLE_EQ(c.gap_difference, -100);
  EXPECT_DOUBLE_EQ(c.positions[0].mean, 0);
  EXPECT_DOUBLE_EQ(c.positions[5].mean, 100);
  EXPECT_LT(c.positions[5].low, 100);
  const Comparison back = compare(probe, all, ends, "after", "before", settings);
  EXPECT_NEAR(back.difference, -80, 1e-12);
  EXPECT_NEAR(back.high, -c.low, 1e-9);
}

TEST(Compare, PairingMakesFractionalIntervalsNarrow) {
  const Probe probe = made_probe(10, 20, "word recall");
  ProbeSettings settings;
  settings.resamples = 500;
  const auto spread = [](const ProbeItem& i) { return (i.slot * 13 % 17) / 20.0; };
  const auto before = predictions(probe, spread);
  const auto after = predictions(probe, [&](const ProbeItem& i) { return spread(i) + 0.1; });
  const Comparison c = compare(probe, before, after, "a", "b", settings);
  EXPECT_NEAR(c.difference, 10, 1e-9);
  EXPECT_NEAR(c.low, 10, 1e-6);  // every pair differs by the same: only pairing shows it
  EXPECT_NEAR(c.high, 10, 1e-6);
}

TEST(Compare, OnlyItemsOfBothCountAndOrderDoesNot) {
  const Probe probe = made_probe(2, 10);
  auto before = predictions(probe, [](const ProbeItem&) { return 0.0; });
  auto after = predictions(probe, [](const ProbeItem&) { return 1.0; });
  before.resize(12);
  std::reverse(after.begin(), after.end());
  ProbeSettings settings;
  settings.resamples = 100;
  EXPECT_EQ(compare(probe, before, after, "a", "b", settings).count, 12u);
}

}  // namespace
}  // namespace film::scores

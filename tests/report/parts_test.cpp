// The parts a report is made of: numbers, axes, histograms, the terminal table.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "film/base/csv.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/terminal.h"
#include "report/axis.h"
#include "report/figures.h"
#include "report/numbers.h"
#include "sample.h"

namespace film::report {
namespace {

TEST(Numbers, Texts) {
  EXPECT_EQ(fixed(-0.04, 1), "0.0");
  EXPECT_EQ(fixed(99.95, 1), "100.0");
  EXPECT_EQ(signed_fixed(3, 1), "+3.0");
  EXPECT_EQ(signed_fixed(-3.25, 1), "−3.2");
  EXPECT_EQ(signed_fixed(-0.01, 1), "0.0");
  EXPECT_EQ(interval_text(-1.25, 2), "[−1.2, 2.0]");
  EXPECT_EQ(tick_text(0.25, 0.25), "0.25");
  EXPECT_EQ(tick_text(0.5, 0.25), "0.5");
  EXPECT_EQ(tick_text(2.5e-6, 5e-7), "2.5e−6");
  EXPECT_EQ(tick_text(40000, 20000), "40k");
  EXPECT_EQ(tick_text(2.5e6, 5e5), "2500k");
  EXPECT_EQ(tick_text(-1e-18, 0.1), "0");
  EXPECT_EQ(file_name("../A b/c"), "_a_b_c");
  EXPECT_EQ(csv_cells(csv_cell("a,\"b\"") + ",2," + csv_cell("x\ny")),
            (std::vector<std::string>{"a,\"b\"", "2", "x y"}));
}

TEST(Axis, TicksAreRoundInsideAndTellApart) {
  for (const double low : {0.0, -3.0, 17.0, 1e-7, -250.0})
    for (const double range : {1e-6, 0.3, 1.0, 7.0, 12345.0, 3e7})
      for (const int wanted : {3, 5, 8}) {
        const Axis axis = nice_axis(low, low + range, wanted);
        EXPECT_LE(axis.low, low + range * 1e-6);
        EXPECT_GE(axis.high, low + range * (1 - 1e-6));
        EXPECT_GE(axis.ticks.size(), 2u);
        EXPECT_LE(axis.ticks.size(), static_cast<std::size_t>(wanted) + 3);
        if (range < std::abs(low) * 1e-3)
          continue;  // neighbours far from zero need more digits than a label has
        std::set<std::string> texts;
        for (const double tick : axis.ticks) texts.insert(tick_text(tick, axis.step));
        EXPECT_EQ(texts.size(), axis.ticks.size()) << low << ' ' << range;
      }
  EXPECT_EQ(exact_axis(0, 100, 5).ticks, (std::vector<double>{0, 20, 40, 60, 80, 100}));
  const Axis flat = nice_axis(3, 3, 4);
  EXPECT_LT(flat.low, 3);
  EXPECT_GT(flat.high, 3);
}

TEST(Histogram, IsWrittenBinByBin) {
  const Histogram h{"lengths", "T", "tokens", "", {0, 10, 20}, {3, 4}};
  EXPECT_EQ(histogram_figure(h).csv, "begin,end,count\n0,10,3\n10,20,4\n");
}

TEST(Histogram, ThatDoesNotFitIsRefused) {
  ReportInput input;
  input.histograms = {{"x", "T", "tokens", "", {0, 10}, {3, 4}}};
  EXPECT_THROW(write_report(fs::temp_directory_path() / "film_misfit", input), Error);
}

TEST(Histogram, EvidencePlacedByWeightsIsNotCalledEven) {
  SynthFacts facts;
  facts.contexts.slots.counts = {9, 1};
  EXPECT_EQ(data_histograms(facts).back().note, "As contexts.position_weights say.");
}

TEST(Histogram, FromTheFactsOfADataFolder) {
  SynthFacts facts;
  facts.contexts.lengths = LengthHistogram{100, 119, 100, 119, {3, 4}, {}};
  facts.contexts.slots = {{5, 6}, {5.5, 5.5}, ChiSquare{0.09, 1, 0.76}};
  const auto list = data_histograms(facts, "Grey Books");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "grey_books_context_length");
  EXPECT_EQ(list[0].title, "Grey Books: context length");
  EXPECT_EQ(data_histograms(facts)[1].title, "Evidence by slot");
  EXPECT_EQ(list[0].edges, (std::vector<double>{100, 110, 120}));
  EXPECT_EQ(list[1].counts, (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(list[1].expected.size(), 2u);
  EXPECT_NE(list[1].note.find("Even: chi-square 0.1 with 1 degrees of freedom, p = 0.760."),
            std::string::npos)
      << list[1].note;
  EXPECT_TRUE(data_histograms(SynthFacts{}).empty());
}

TEST(Training, BucketsKeepTheMeanAndTheExtremes) {
  std::vector<Json> rows;
  for (int step = 1; step <= 1000; ++step)
    rows.push_back({{"step", step}, {"loss", step == 500 ? 9.0 : 1.0}});
  const auto figures = training_figures(rows);
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_NE(figures[0].csv.find(",9\n"), std::string::npos) << "the spike is in the band";
  EXPECT_NE(figures[0].csv.find("1,5,5,1,1,1\n"), std::string::npos);
}

TEST(Terminal, ColumnsLineUp) {
  const ReportInput input = testing::sample_report();
  const std::string text = terminal_summary(input.models, input.comparisons);
  std::set<std::size_t> ends;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    const std::size_t bracket = line.find(']');
    if (bracket != std::string::npos) {
      std::size_t cells = 0;
      for (std::size_t i = 0; i < bracket; ++i) cells += (static_cast<unsigned char>(line[i]) & 0xC0) != 0x80;
      ends.insert(cells);
    }
    begin = end + 1;
  }
  EXPECT_EQ(ends.size(), 1u);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(terminal_summary(input.models, input.comparisons, true).find("\x1b[1m"), std::string::npos);
}

TEST(Terminal, ThousandsOfQuestionsFitIntoEightyColumns) {
  ReportInput input = testing::sample_report();
  for (Comparison& c : input.comparisons) c.count = 20480, c.better = 20460, c.worse = 1020;
  const std::string text = terminal_summary(input.models, input.comparisons);
  EXPECT_NE(text.find("20,460 better, 1,020 worse"), std::string::npos);
  for (const std::string_view line : split(text, "\n")) EXPECT_LE(columns_of(line), 80) << line;
}

TEST(Terminal, SparklineLevels) {
  Score score = testing::sample_score("t", "m", "", 0, 0, 10);
  for (std::size_t b = 0; b < 10; ++b) score.curve->positions[b].mean = static_cast<double>(b) * 100 / 9;
  score.curve->positions[3].count = 0;
  EXPECT_NE(terminal_summary({{"x", "", {score}}}, {}).find("▁▁▂·▄▅▆▇█"), std::string::npos)
      << terminal_summary({{"x", "", {score}}}, {});
}

}  // namespace
}  // namespace film::report

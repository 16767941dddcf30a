// The tables of position x length x filler and of differences between models, on the page and in Markdown.
#include <gtest/gtest.h>

#include "film/report/report.h"
#include "report/design_table.h"

namespace film::report {
namespace {

ModelScores model(const std::string& label) {
  DesignCell cell{
      512, Filler::near_miss, 24, {}, WithinItem{12.5, 3.25, 21.75, 20, 8, 32, 5, -4, 14, "undecided", 1500}};
  for (const double mean : {70.0, 50.0, 55.0})
    cell.positions.push_back({0, 0, 24, mean, mean - 10, mean + 10});
  DesignCell few{1024, Filler::random, 1, {{0, 0, 0, 0, 0, 0}}, {}};
  Score score;
  score.task = "factorial";
  score.metric = "contains answer";
  score.count = 72;
  score.cells = std::vector{cell, few};
  return {label, "a model", {score}, {}};
}

ReportInput report_on(std::vector<ModelScores> models) {
  ReportInput input;
  input.models = std::move(models);
  return input;
}

TEST(DesignTable, SaysWhatEveryCellShows) {
  const ReportInput input = report_on({model("a")});
  const TextTable table = design_table(input);
  ASSERT_EQ(table.rows.size(), 2u);
  const std::vector<std::string> expected = {"factorial", "a",  "near_miss",         "70 · 50 · 55",
                                             "512",       "24", "+12.5 [3.2, 21.8]", "+20.0 [8.0, 32.0]"};
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), table.rows[0].begin())) << table.rows[0][6];
  EXPECT_EQ(table.rows[0].back(), "undecided; 1,500 questions would show flat");
  EXPECT_EQ(table.rows[1][3], "–") << "nothing was answered there";
  for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  EXPECT_NE(report_html(input).find("Position, length and fillers"), std::string::npos);
  EXPECT_NE(report_markdown(input).find("1,500 questions would show flat"), std::string::npos);
}

TEST(PairTable, IsThereForThreeModelsAndMore) {
  ReportInput input = report_on({model("a"), model("b")});
  input.pairs = {{"factorial", "a", "b", 72, 24, -8, -14, -2, 0.004, 0.012}};
  EXPECT_TRUE(pair_table(input).rows.empty()) << "two models: the difference is in the table of scores";
  input.models.push_back(model("c"));
  input.pairs.push_back({"factorial", "b", "c", 72, 24, 1, -4, 6, 0.4, 0.8});
  const TextTable table = pair_table(input);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0][1], "b − a");
  EXPECT_EQ(table.rows[0].back(), "differs");
  EXPECT_EQ(table.rows[1].back(), "");
  EXPECT_NE(report_html(input).find("Which models differ"), std::string::npos);
  EXPECT_EQ(scores_of(report_json(input), "scores.json").pairs.size(), 2u);
}

TEST(EndsTable, SaysWhichCurvesAreFlat) {
  ModelScores base = model("base"), in2 = model("in2");
  base.scores[0].notes["ends"] = {{"ends", 92.0}, {"middle", 43.06}, {"difference", 48.94},
                                  {"low", 44.0},  {"high", 53.9},    {"verdict", "U: the ends are better"}};
  const TextTable table = ends_table(report_on({base, in2}));
  ASSERT_EQ(table.rows.size(), 1u) << "a model without the numbers has no row";
  EXPECT_EQ(table.rows[0], (std::vector<std::string>{"factorial", "base", "U: the ends are better", "92.0",
                                                     "43.1", "+48.9 [44.0, 53.9]"}));
  EXPECT_NE(
      report_html(report_on({base})).find("<td class=\"word\">U: the ends are better</td><td>92.0</td>"),
      std::string::npos);
  EXPECT_NE(report_markdown(report_on({base})).find("## Ends and middle"), std::string::npos);
  EXPECT_EQ(report_markdown(report_on({in2})).find("## Ends and middle"), std::string::npos);
}

TEST(DesignTable, IsLeftOutWhereThereIsNone) {
  ModelScores plain = model("a");
  plain.scores[0].cells.reset();
  const ReportInput input = report_on({plain});
  EXPECT_EQ(design_html(input) + pair_html(input), "");
  EXPECT_EQ(report_markdown(input).find("fillers"), std::string::npos);
}

}  // namespace
}  // namespace film::report

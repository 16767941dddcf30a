// The tables of position x length x filler and of differences between models, on the page and in Markdown.
#include <gtest/gtest.h>

#include <algorithm>

#include "../support/temp_folder.h"
#include "film/report/report.h"
#include "report/agreement_table.h"
#include "report/design_table.h"
#include "report/length_tables.h"

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

TEST(PairTable, IsThereForSeveralDifferences) {
  ReportInput input = report_on({model("a"), model("b")});
  input.pairs = {{"factorial", "a", "b", 72, 24, -8, -14, -2, 0.004, 0.012}};
  EXPECT_TRUE(pair_table(input).rows.empty()) << "one difference: it is in the table of scores";
  input.pairs.push_back({"other", "a", "b", 72, 24, 2, -1, 5, 0.2, 0.2});
  EXPECT_EQ(pair_table(input).rows.size(), 2u) << "two tasks: corrected over both";
  input.pairs.pop_back();
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

TEST(PairTable, IsATableForPapers) {
  ReportInput input = report_on({model("a_1"), model("b"), model("c")});
  input.pairs = {{"in2", "a_1", "b", 72, 24, -8, -14, -2, 0.0004, 0.0012},
                 {"in2", "a_1", "c", 70, 24, 1, -4, 6, 0.4, 0.8}};
  const std::string latex = pairs_latex(input);
  EXPECT_NE(latex.find("in2 & b $-$ a\\_1 & 72 & $-8.0$ $[-14.0, -2.0]$$^{*}$ & $<$0.001 & 0.001"),
            std::string::npos)
      << latex;
  EXPECT_NE(latex.find("& 70 & $1.0$ $[-4.0, 6.0]$ & 0.400 & 0.800"), std::string::npos) << latex;
  const support::TempFolder folder;
  const auto files = write_report(folder.path(), input);
  EXPECT_NE(std::ranges::find(files, "differences.tex"), files.end());
  input.pairs.clear();
  EXPECT_EQ(std::ranges::count(write_report(folder.path(), input), "differences.tex"), 0);
}

TEST(AgreementTable, SaysHowFarAJudgeAgreesWithPeople) {
  ReportInput input = report_on({model("a")});
  EXPECT_TRUE(agreement_table(input).rows.empty());
  input.agreements = {
      {"in2", "a", 100, 2, 89, 81.3, 93.8, 0.676, 0.505, 0.848, {"GOOD", "BAD"}, {{60, 4}, {7, 29}}}};
  EXPECT_EQ(agreement_table(input).rows,
            (std::vector<std::vector<std::string>>{
                {"in2", "a", "100", "89.0 [81.3, 93.8]", "0.68 [0.51, 0.85]", "2"}}));
  EXPECT_EQ(confusion_table(input).rows[2], (std::vector<std::string>{"in2", "a", "BAD", "GOOD", "7"}));
  EXPECT_NE(report_html(input).find("Judge and people"), std::string::npos);
  EXPECT_NE(report_markdown(input).find("## Verdicts of people and of the judge"), std::string::npos);
  EXPECT_EQ(agreement_summary(input.agreements),
            "judge and people, in2, a: same verdict on 89.0 [81.3, 93.8] % of 100 answers; kappa 0.68 [0.51, "
            "0.85]\n");
  EXPECT_EQ(to_json(scores_of(report_json(input), "scores.json").agreements.at(0)),
            to_json(input.agreements[0]));
}

// An interval is shown where there is one.
TEST(AgreementTable, HasNoIntervalOfNothing) {
  ReportInput input = report_on({model("a")});
  const auto cells = [&](const Agreement& agreement) {
    input.agreements = {agreement};
    const auto row = agreement_table(input).rows.at(0);
    EXPECT_NE(agreement_summary(input.agreements).find("kappa " + row[4] + "\n"), std::string::npos);
    return row[3] + " | " + row[4];
  };
  EXPECT_EQ(cells({"in2", "a", 0, 5, 0, 0, 100, 0, -1, 1, {"GOOD", "BAD"}, {{0, 0}, {0, 0}}}), "– | –");
  EXPECT_EQ(cells({"in2", "", 9, 0, 100, 70.1, 100, 0, -1, 1, {"GOOD", "BAD"}, {{0, 0}, {0, 9}}}),
            "100.0 [70.1, 100.0] | –")
      << "no other word was ever said";
  EXPECT_EQ(cells({"in2", "a", 2, 0, 0, 0, 65.8, -1, -1, 0.3, {"GOOD", "BAD"}, {{0, 1}, {1, 0}}}),
            "0.0 [0.0, 65.8] | -1.00 [-1.00, 0.30]");
}

TEST(LengthTables, HaveBaseScoreAndEffectiveLength) {
  ReportInput input = report_on({model("a")});
  EXPECT_TRUE(length_tables(input).empty());
  LengthTable nolima{
      "nolima", "a", {"nolima"}, {{1000, 20, 65.7, 60, 70, true}, {2000, 20, 54.4, 50, 60, false}}};
  nolima.base = 76.7;
  nolima.threshold = 65.195;
  nolima.effective = 1000;
  LengthTable ruler{"ruler", "b", {"vt"}, {{4096, 20, 40, 30, 50, false}, {8192, 20, 20, 10, 30, false}}};
  ruler.threshold = 85.6;
  ruler.average = 30;
  ruler.longer = 26.67;
  ruler.shorter = 33.33;
  ruler.remark = "of 1 of RULER's 13 tasks";
  input.lengths = {nolima, ruler};
  const auto tables = length_tables(input);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].table.rows[0],
            (std::vector<std::string>{"b", "under 4,096", "30.0", "26.7", "33.3", "40.0 [30.0, 50.0]",
                                      "20.0 [10.0, 30.0]", "of 1 of RULER's 13 tasks"}));
  EXPECT_EQ(tables[1].table.rows[0],
            (std::vector<std::string>{"a", "1,000", "76.7", "65.2", "65.7 ✓ [60.0, 70.0]",
                                      "54.4 [50.0, 60.0]", ""}));
  EXPECT_NE(report_html(input).find("NoLiMa by length"), std::string::npos);
  EXPECT_NE(report_markdown(input).find("## RULER by length"), std::string::npos);
  EXPECT_EQ(to_json(scores_of(report_json(input), "s").lengths.at(0)), to_json(nolima));
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

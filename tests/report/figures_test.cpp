// Figures as files for papers, and what makes them honest: names, margins, scales, small counts.
#include "report/figures.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "report/axis.h"
#include "report/numbers.h"
#include "report/standalone.h"
#include "sample.h"
#include "well_formed.h"

namespace film::report {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string one_histogram(const std::string& name) { return "data_" + file_name(name); }

// Tasks that differ in case or in what a file name does not keep, and two folders of one name.
TEST(Figures, NoTwoHaveOneName) {
  ReportInput input;
  ModelScores model{"m", "", {}};
  for (const char* task : {"Recall", "recall", "RECALL", "re/call", "re call"})
    model.scores.push_back(testing::sample_score(task, "F1", "", 50, 10, 20));
  input.models = {model};
  const Histogram h{"books_context_length", "books: context length", "tokens", "", {0, 1, 2}, {3, 4}};
  input.histograms = {h, h, h};
  const Figures figures = draw_figures(input);
  std::set<std::string> names;
  for (const Figure* figure : figures.all()) names.insert(figure->name);
  EXPECT_EQ(names.size(), 8u);
  EXPECT_TRUE(names.contains("position_recall_3"));
  EXPECT_TRUE(names.contains(one_histogram("books_context_length") + "_3"));
  const fs::path folder = fs::temp_directory_path() / ("film_names_" + std::to_string(::getpid()));
  const auto written = write_report(folder, input);
  EXPECT_EQ(std::set<fs::path>(written.begin(), written.end()).size(), written.size());
  EXPECT_EQ(testing::WellFormed::problem(report_html(input)), "") << "ids occur once";
  fs::remove_all(folder);
}

// librsvg, Inkscape and LaTeX know no custom properties, and take no style for the ground.
TEST(Figures, FilesForPapersArePlain) {
  for (const std::size_t models : {1u, 2u, 3u, 8u}) {
    ReportInput input = testing::sample_of_many(models);
    input.models[0].scores[0].notes["chance"] = 25;
    const Figures figures = draw_figures(input);
    for (const Figure* figure : figures.all()) {
      const std::string svg = standalone(figure->svg, models);
      EXPECT_EQ(testing::WellFormed::problem(svg), "");
      for (const char* unknown : {"var(", "background", "system-ui", " id="})
        EXPECT_FALSE(has(svg, unknown)) << figure->name << ' ' << unknown;
      EXPECT_TRUE(has(svg, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>")) << figure->name;
      EXPECT_TRUE(has(svg.substr(0, svg.find('\n')), " width=\"460\" height=\""));
    }
  }
}

// Both axes have a title, and no label begins outside the picture.
TEST(Figures, AxesAreNamedAndTheirLabelsFit) {
  ReportInput input = testing::sample_report();
  for (Json& row : input.training) row["learning_rate"] = row["learning_rate"].get<double>() * 1.5e-5;
  input.histograms[0].counts[3] = 1234567;
  input.histograms[1].counts.assign(10, 40000);
  const Figures figures = draw_figures(input);
  for (const Figure* figure : figures.all()) {
    EXPECT_GE(count_of(figure->svg, "<text class=\"name\""), 2u) << figure->name;
    static const std::regex label("<text class=\"tick\" x=\"([0-9.]+)\"[^>]*\"end\">([^<]*)<");
    for (std::sregex_iterator at(figure->svg.begin(), figure->svg.end(), label), end; at != end; ++at) {
      const double begins = std::stod((*at)[1]) - 6.5 * static_cast<double>(characters((*at)[2].str()));
      EXPECT_GE(begins, 0) << figure->name << ": " << (*at)[2];
    }
  }
}

TEST(Axis, LogarithmicHasRoundTicks) {
  const struct {
    double low, high, axis_low, axis_high;
    std::vector<double> ticks;
  } rows[] = {{0.13, 3.4, 0.1, 5, {0.1, 0.2, 0.5, 1, 2, 5}},
              {1, 10, 1, 10, {1, 2, 5, 10}},
              {0.0003, 40, 0.0002, 50, {0.001, 0.01, 0.1, 1, 10}},
              {20, 21, 20, 50, {20, 50}}};
  for (const auto& row : rows) {
    const Axis axis = log_axis(row.low, row.high);
    EXPECT_NEAR(axis.low, row.axis_low, row.axis_low * 1e-9);
    EXPECT_NEAR(axis.high, row.axis_high, row.axis_high * 1e-9);
    ASSERT_EQ(axis.ticks.size(), row.ticks.size()) << row.low;
    for (std::size_t i = 0; i < row.ticks.size(); ++i)
      EXPECT_NEAR(axis.ticks[i], row.ticks[i], row.ticks[i] * 1e-9);
  }
  EXPECT_NEAR(log_axis(1, 100).share(10), 0.5, 1e-12);
}

std::string figure_of(const std::vector<Json>& rows, const std::string& key) {
  for (const Figure& figure : training_figures(rows))
    if (figure.name == "training_" + key) return figure.svg;
  return "";
}

TEST(Training, LossIsLogarithmicWhereItFallsFar) {
  const auto rows_to = [](double last) {
    return std::vector<Json>{{{"step", 1}, {"loss", 4.0}}, {{"step", 2}, {"loss", last}}};
  };
  EXPECT_TRUE(has(figure_of(rows_to(0.05), "loss"), "(logarithmic)"));
  for (const double last : {0.0, 1.5, 3.9})
    EXPECT_FALSE(has(figure_of(rows_to(last), "loss"), "(logarithmic)"));
}

TEST(Training, NoNameOfAStageIsDropped) {
  for (const std::size_t stages : {2u, 5u, 12u}) {
    std::vector<Json> rows;
    for (std::size_t s = 0; s < stages; ++s)
      for (std::size_t i = 0; i < 3; ++i)
        rows.push_back({{"step", rows.size() + 1}, {"stage", "phase " + std::to_string(s)}, {"loss", 1.0}});
    const std::string svg = figure_of(rows, "loss");
    for (std::size_t s = 0; s < stages; ++s) EXPECT_TRUE(has(svg, ">phase " + std::to_string(s) + "<")) << s;
  }
}

TEST(Training, AccuracyIsInPercent) {
  const auto figures =
      training_figures({{{"step", 1}, {"accuracy", 0.25}}, {{"step", 2}, {"accuracy", 0.75}}});
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_TRUE(has(figures[0].csv, "1,1,1,25,25,25\n"));
  EXPECT_TRUE(has(figures[0].svg, "% of the answers"));
}

// A band between wide intervals of a few questions reads as a score.
TEST(Position, FewQuestionsHaveWhiskersAndNoBand) {
  const struct {
    std::uint64_t count;
    std::size_t whiskers;
  } rows[] = {{1, 10}, {9, 10}, {10, 0}, {200, 0}};
  for (const auto& row : rows) {
    ReportInput input;
    input.models = {{"only", "", {testing::sample_score("t", "F1", "", 60, 20, row.count)}}};
    const std::string svg = position_figures(input, "t").scores.svg;
    EXPECT_EQ(count_of(svg, "class=\"whisker s0\""), row.whiskers) << row.count;
    EXPECT_EQ(count_of(svg, "<path class=\"band s0\""), row.whiskers == 0 ? 1u : 0u) << row.count;
  }
}

TEST(Position, ABinBetweenThinOnesHasAWhiskerToo) {
  ReportInput input;
  Score score = testing::sample_score("t", "F1", "", 60, 20, 50);
  for (const std::size_t thin : {3u, 5u}) score.curve->positions[thin].count = 4;
  input.models = {{"only", "", {score}}};
  const std::string svg = position_figures(input, "t").scores.svg;
  EXPECT_EQ(count_of(svg, "class=\"whisker s0\""), 3u);
  EXPECT_EQ(count_of(svg, "<path class=\"band s0\""), 2u);
}

// A difference of one question in hundreds does not fill the figure.
TEST(Difference, HasAtLeastTenPoints) {
  ReportInput input = testing::sample_report();
  for (PositionScore& p : input.comparisons[0].curve->positions) p.mean = p.low = p.high = 0.2;
  const auto figure = difference_figure(input, "in2");
  ASSERT_TRUE(figure.has_value());
  EXPECT_TRUE(has(figure->svg, ">5<"));
  EXPECT_TRUE(has(figure->svg, ">−5<"));
}

TEST(Chance, IsALineWhereTheTaskKnowsIt) {
  ReportInput input = testing::sample_of_many(2);
  const auto lines = [&] {
    std::string all;
    const Figures figures = draw_figures(input);
    for (const Figure* figure : figures.all()) all += figure->svg;
    return count_of(all, "class=\"chance\"");
  };
  EXPECT_EQ(lines(), 0u);
  input.models[0].scores[0].notes["chance"] = 20;    // with a curve
  input.models[1].scores[3].notes["chance"] = 33.3;  // without
  EXPECT_EQ(lines(), 2u);
}

// A cell for each length and position that holds something; those of few questions are marked.
TEST(Lengths, HaveACellEachWithItsMean) {
  ReportInput input = testing::sample_of_many(2);
  EXPECT_TRUE(draw_figures(input).lengths.empty());
  const std::vector<PositionScore> row = {{0, 0.5, 20, 71, 60, 80}, {0.5, 1, 4, 3, 0, 50}};
  for (ModelScores& model : input.models)
    model.scores[0].by_length = {{4, 6, row},
                                 {1200, 1200, {{0, 0.5, 0, 0, 0, 0}, {0.5, 1, 30, 100, 88, 100}}}};
  const Figures figures = draw_figures(input);
  ASSERT_EQ(figures.lengths.size(), 1u);
  const std::string& svg = figures.lengths[0].svg;
  EXPECT_EQ(count_of(svg, "<rect class=\"heat "), 6u);
  EXPECT_EQ(count_of(svg, " few\""), 2u);
  for (const char* text : {">71<", ">3<", ">100<", ">4 to 6<", ">1,200<", "heat10", "heat7"})
    EXPECT_TRUE(has(svg, text)) << text;
  EXPECT_TRUE(has(figures.lengths[0].csv, "base,4,6,0,0.5,20,71,60,80\n"));
  EXPECT_EQ(testing::WellFormed::problem(report_html(input)), "");
}

// One box on one scale: in boxes of their own, one above the other, a curve of 0 lies over one of 100.
TEST(Summary, CurvesOfAGroupShareABox) {
  for (const std::size_t models : {1u, 2u, 4u}) {
    const std::string html = report_html(testing::sample_of_many(models));
    EXPECT_EQ(count_of(html, "<svg class=\"mini\""), 2u) << models;
    EXPECT_EQ(count_of(html, "rowspan=\"" + std::to_string(models) + "\""), 2u) << models;
  }
}

}  // namespace
}  // namespace film::report

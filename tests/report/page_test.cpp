#include <gtest/gtest.h>

#include "report/numbers.h"
#include "sample.h"
#include "well_formed.h"

namespace film::report {
namespace {

using testing::WellFormed;

// Not HasSubstr: a failure would print the whole page.
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(WellFormedChecker, FindsWhatItShould) {
  EXPECT_EQ(WellFormed::problem("<a b=\"1\"><c/>x &amp; y</a>"), "");
  for (const char* bad :
       {"<a>", "<a></b>", "<a b=1/>", "<a>&x;</a>", "<a b=\"<\"/>", "< a/>", "<a id=\"1\"/><b id=\"1\"/>"})
    EXPECT_NE(WellFormed::problem(bad), "") << bad;
}

TEST(Page, IsWellFormedAndSelfContained) {
  const std::string html = report_html(testing::sample_report());
  EXPECT_EQ(WellFormed::problem(html), "");
  std::string rest = html;
  const std::string name_space = "http://www.w3.org/2000/svg";
  for (std::size_t at = rest.find(name_space); at != std::string::npos; at = rest.find(name_space))
    rest.erase(at, name_space.size());
  for (const char* word :
       {"http:", "https:", "//cdn", "src=", "url(", "@import", "<script", "<link", "<iframe", "onload"})
    EXPECT_FALSE(has(rest, word));
}

TEST(Page, ShowsTheNumbersOfTheInput) {
  ReportInput input = testing::sample_report();
  input.models[0].scores[0].average = 12.34;
  input.models[0].scores[0].low = 10.06;
  input.models[0].scores[0].high = 98.76;
  input.models[0].scores[0].curve->gap = 43.21;
  input.models[0].scores[0].count = 7654321;
  input.comparisons[0].difference = -5.55;
  input.comparisons[0].low = -7.77;
  input.comparisons[0].high = 0.04;
  for (const std::string& text : {report_html(input), terminal_summary(input.models, input.comparisons)})
    for (const char* number : {"12.3", "[10.1, 98.8]", "43.2", "7,654,321", "−7.8, 0.0]"})
      EXPECT_TRUE(has(text, number)) << number;
  const std::string markdown = report_markdown(input);
  for (const char* number : {"| 12.3 |", "[10.1, 98.8]", "| 43.2 |", "| 7,654,321 |"})
    EXPECT_TRUE(has(markdown, number)) << number;
}

TEST(Page, EveryPointOfEveryCurveIsInTheFigureAndItsCsv) {
  const ReportInput input = testing::sample_report();
  const std::string html = report_html(input);
  const fs::path folder = fs::temp_directory_path() / ("film_page_" + std::to_string(::getpid()));
  write_report(folder, input);
  for (const ModelScores& model : input.models)
    for (const Score& score : model.scores) {
      const std::string csv = read_file(folder / "figures" / ("position_" + score.task + ".csv"));
      for (const PositionScore& p : score.curve->positions) {
        char tip[128], row[64];
        std::snprintf(tip, sizeof tip, "%s: %.1f [", model.label.c_str(), p.mean);
        EXPECT_TRUE(has(html, tip)) << tip;
        std::snprintf(row, sizeof row, "%s,%g,", model.label.c_str(), p.begin);
        EXPECT_TRUE(has(csv, row)) << row;
      }
    }
  const Json json = read_json(folder / "scores.json");
  EXPECT_EQ(report_json(scores_of(json, "t")), json);
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t s = 0; s < 4; ++s)
      EXPECT_EQ(to_line(to_json(from_json<Score>(json["models"][m]["scores"][s], "t"))),
                to_line(to_json(input.models[m].scores[s])));
  EXPECT_EQ(to_line(to_json(from_json<Comparison>(json["comparisons"][2], "t"))),
            to_line(to_json(input.comparisons[2])));
  fs::remove_all(folder);
}

TEST(Page, HostileStringsStayText) {
  const std::string evil = "<script>alert('x')</script> \"q\" & 東京\xff\x01 " + std::string(300, 'w');
  ReportInput input = testing::sample_report();
  input.title = input.subtitle = input.date = evil;
  input.remarks = {evil};
  for (ModelScores& model : input.models) {
    model.label = model.description = evil;
    for (Score& score : model.scores) {
      score.metric = score.pattern = evil;
      score.notes["remark"] = evil;
      score.notes[evil] = {{evil, evil}};
    }
    model.scores[1].task = evil;
  }
  for (Comparison& c : input.comparisons) c.before = c.after = evil;
  for (Json& row : input.training) row["stage"] = evil + row["stage"].get<std::string>();
  input.histograms[0].title = input.histograms[0].axis = input.histograms[0].note = evil;
  input.provenance[evil] = {{evil, {{evil, evil}}}};
  input.models[0].origin = ModelOrigin{evil, 3, evil};
  input.models[1].scores[0].notes["answers"] = {{evil, 4}};
  for (AnswerSample& sample : input.samples) {
    sample.model = sample.question = sample.prediction.output = sample.prediction.id = evil;
    sample.prediction.detail = evil;
    for (ContextPart& part : sample.context) part.text = evil;
  }
  EXPECT_FALSE(has(report_latex(input), "\x01"));
  EXPECT_FALSE(has(report_markdown(input), "<script"));
  input.command = evil;  // Markdown has it in a fence, where it is text
  EXPECT_TRUE(has(report_markdown(input), "```\n<script>alert"));
  const std::string html = report_html(input);
  EXPECT_EQ(WellFormed::problem(html), "");
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_TRUE(has(html, "東京")) << "東京";
  EXPECT_FALSE(has(terminal_summary(input.models, input.comparisons), "\x01"));
  const fs::path folder = fs::temp_directory_path() / ("film_evil_" + std::to_string(::getpid()));
  for (const fs::path& file : write_report(folder, input)) {
    EXPECT_TRUE(fs::is_regular_file(folder / file));
    if (file.extension() != ".svg") continue;
    EXPECT_EQ(WellFormed::problem(read_file(folder / file)), "") << file;
  }
  const char* kept = std::getenv("FILM_SAMPLE_REPORT");  // to look at it
  if (kept) write_report(fs::path(kept) / "hostile", input);
  fs::remove_all(folder);
}

TEST(Page, SectionsWithoutDataAreLeftOut) {
  ReportInput input;
  const std::string bare = report_html(input);
  EXPECT_EQ(WellFormed::problem(bare), "");
  EXPECT_FALSE(has(bare, "<h2>"));
  input.training = testing::sample_training();
  const std::string training = report_html(input);
  EXPECT_TRUE(has(training, "<h2>Training</h2>")) << "<h2>Training</h2>";
  EXPECT_FALSE(has(training, "<h2>Scores</h2>"));
  EXPECT_EQ(WellFormed::problem(training), "");
}

TEST(Page, OneModelOneBinEmptyBinsAndBrokenRows) {
  ReportInput input;
  Score score = testing::sample_score("in2", "exact match", "", 50, 10, 20);
  score.curve->positions[4].count = 0;
  Score single = score;
  single.task = "single";
  single.curve->positions.resize(1);
  Score none = score;
  none.task = "none";
  none.curve->positions.clear();
  input.models = {{"only", "", {score, single, none}}};
  input.training = {{{"step", 1}, {"loss", nullptr}},
                    {{"step", "x"}, {"loss", 1}},
                    {{"step", 5}, {"loss", 2.5}},
                    {{"no", 1}}};
  const std::string html = report_html(input);
  EXPECT_EQ(WellFormed::problem(html), "");
  // The curve breaks at the empty bin: two strokes, none of them through zero.
  const std::size_t curve = html.find("<path class=\"curve s0\"", html.find("<figure>"));
  EXPECT_NE(html.find("<path class=\"curve s0\"", curve + 1), std::string::npos);
  EXPECT_LT(html.find("<path class=\"curve s0\"", curve + 1), html.find("</figure>"));
  EXPECT_FALSE(has(html, "nan "));
  EXPECT_FALSE(has(html, "nan\""));
  EXPECT_FALSE(has(html, "inf\""));
}

// A bare number of models, up to more than there are colours.
TEST(Page, ShowsAnyNumberOfModels) {
  for (const std::size_t models : {1u, 2u, 3u, 4u, 8u}) {
    const ReportInput input = testing::sample_of_many(models);
    const std::string html = report_html(input);
    EXPECT_EQ(WellFormed::problem(html), "") << models;
    for (const ModelScores& model : input.models) {
      EXPECT_TRUE(has(html, "<b>" + model.label + "</b>")) << model.label;
      EXPECT_TRUE(has(html, model.label + ": ")) << "a point of the curve of " << model.label;
      EXPECT_TRUE(has(report_markdown(input), "**" + model.label + "**")) << model.label;
    }
    EXPECT_EQ(has(html, "class=\"overview\""), models > 2) << models;
  }
}

TEST(Page, ComparesEachModelWithTheFirst) {
  const ReportInput input = testing::sample_of_many(4);
  const std::string html = report_html(input), terminal = terminal_summary(input.models, input.comparisons);
  for (const char* label : {"film-7b", "mistral-v0.2", "a-server"}) {
    const std::string name = std::string(label) + " \u2212 base";
    EXPECT_TRUE(has(html, name)) << label;
    EXPECT_TRUE(has(terminal, name)) << label;
  }
  EXPECT_TRUE(has(html, "difference from base"));
  // Tasks x models: the average of the last model, and its difference from the first with the interval.
  const std::string average = fixed(input.models[3].scores[2].average, 1);
  const Comparison& last = input.comparisons[8];
  ASSERT_EQ(last.after, "a-server");
  ASSERT_EQ(last.task, "multi_hop");
  const std::string difference = signed_fixed(last.difference, 1),
                    interval = interval_text(last.low, last.high);
  EXPECT_TRUE(
      has(html, "<b>" + average + "</b><br/><span>" + difference + "</span> <span>" + interval + "</span>"));
  EXPECT_TRUE(has(terminal, average + "  " + difference + " " + interval));
  EXPECT_TRUE(has(report_markdown(input), average + "<br>"));
}

TEST(Page, TasksWithoutPositionsHaveNoCurve) {
  ReportInput input = testing::sample_of_many(3);
  EXPECT_FALSE(has(report_html(input), "position_multi_hop"));
  EXPECT_TRUE(has(report_html(input), "averages.csv"));
  for (ModelScores& model : input.models) model.scores.erase(model.scores.begin(), model.scores.begin() + 2);
  input.comparisons.erase(input.comparisons.begin(), input.comparisons.begin() + 4);
  const std::string html = report_html(input), markdown = report_markdown(input);
  EXPECT_EQ(WellFormed::problem(html), "");
  for (const std::string& text : {html, markdown, terminal_summary(input.models, input.comparisons)}) {
    EXPECT_FALSE(has(text, "Gap"));
    EXPECT_FALSE(has(text, "by position"));
  }
}

// The two models that film eval has always compared: their page does not know of more.
TEST(Page, TwoModelsNeedNoFurtherColours) {
  const std::string html = report_html(testing::sample_report());
  EXPECT_FALSE(has(html, "--s2"));
  EXPECT_FALSE(has(html, "overview"));
  EXPECT_TRUE(has(html, "difference_in2.csv"));
}

}  // namespace
}  // namespace film::report

// What a reader learns of answers: states in words, samples with their evidence, words explained; and that a copied page
// lives.
#include <gtest/gtest.h>

#include "report/answers_text.h"
#include "report/data_uri.h"
#include "report/summary_table.h"
#include "sample.h"
#include "well_formed.h"

namespace film::report {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(DataUri, IsTheFile) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"M", "TQ=="},
                                                      {"Ma", "TWE="},
                                                      {"Man", "TWFu"},
                                                      {"light w", "bGlnaHQgdw=="},
                                                      {"\xff\xfe", "//4="}};
  for (const auto& [content, text] : rows)
    EXPECT_EQ(data_uri("text/csv", content), std::string("data:text/csv;base64,") + text) << content;
}

// Nothing on the page leads out of it.
TEST(Page, LinksAreInsideThePage) {
  for (const std::size_t models : {1u, 2u, 4u}) {
    const std::string html = report_html(testing::sample_of_many(models));
    std::size_t links = 0;
    for (std::size_t at = html.find("href=\""); at != std::string::npos;
         at = html.find("href=\"", at + 1), ++links)
      EXPECT_TRUE(html.compare(at + 6, 5, "data:") == 0) << html.substr(at, 60);
    EXPECT_GT(links, 10u);
    EXPECT_FALSE(has(html, "figures/"));
  }
}

TEST(AnswersText, EveryStateIsAReadableWord) {
  const std::pair<Json, const char*> rows[] = {
      {Json::object(), ""},
      {{{"answers", {{"cut", 1200}}}},
       "answers: 1,200 cut off at the limit of new tokens (scored as they are)"},
      {{{"answers", {{"empty", 2}, {"failed", 1}}}}, "answers: 2 empty, 1 without a reply"},
      {{{"answers", {{"reasoning_only", 7}, {"prompt_cut", 4}, {"a new one", 3}}}},
       "answers: 7 reasoning without an answer, 4 to a prompt that the server cut, 3 a new one"},
      {{{"unanswered", 5}, {"answers", {{"refused", 5}}}},
       "answers: 5 refused; 5 not asked, or without an answer that can be scored"},
      {{{"left_out", {{"ambiguous", 90}, {"too long", 7}, {"none", 0}}}},
       "97 questions left out before asking (ambiguous, too long)"},
      {{{"left_out", {{"ambiguous", 1}}}}, "1 question left out before asking (ambiguous)"},
      {{{"left_out", 3}, {"answers", "odd"}, {"unanswered", -1}}, ""}};
  for (const auto& [notes, text] : rows) {
    Score score;
    score.notes = notes;
    EXPECT_EQ(answers_text(score), text) << notes;
  }
}

// On all three outputs, in a row of its own, also where the score has a curve.
TEST(AnswersText, IsOnEveryOutput) {
  ReportInput input = testing::sample_report();
  input.models[1].scores[1].notes["answers"] = {{"refused", 31}, {"cut", 2}};
  for (const std::string& text :
       {report_html(input), report_markdown(input), terminal_summary(input.models, input.comparisons)}) {
    EXPECT_TRUE(has(text, "after: answers: 31 refused, 2 cut off at the limit of new tokens"));
    EXPECT_FALSE(has(text, "{\"refused\""));
  }
}

// What all models share is said once.
TEST(AnswersText, IsSaidOnceWhereAllModelsAgree) {
  ReportInput input = testing::sample_of_many(3);
  for (ModelScores& model : input.models) model.scores[0].notes["left_out"] = {{"ambiguous", 41}};
  const std::string text = terminal_summary(input.models, input.comparisons);
  const std::size_t at = text.find("41 questions left out");
  EXPECT_NE(at, std::string::npos);
  EXPECT_EQ(text.find("41 questions left out", at + 1), std::string::npos);
  EXPECT_FALSE(has(text, "base: 41"));
}

TEST(Chance, IsSaidInTheTable) {
  ReportInput input = testing::sample_of_many(2);
  input.models[0].scores[2].notes["chance"] = 12.5;
  for (const std::string& text :
       {report_html(input), report_markdown(input), terminal_summary(input.models, input.comparisons)})
    EXPECT_TRUE(has(text, "guessing scores 12.5"));
}

TEST(Terms, OnlyThoseThatOccur) {
  const auto words = [](const ReportInput& input) {
    std::string all;
    for (const Term& term : terms(input.models)) all += term.word + "|";
    return all;
  };
  EXPECT_EQ(words(testing::sample_of_many(1)),
            "in2|code|exact match|name|F1|← backward|evidence|slot, depth|");
  ReportInput bare;
  bare.models = {{"m", "", {testing::sample_score("mine", "accuracy", "", 5, 5, 9)}}};
  bare.models[0].scores[0].curve.reset();
  EXPECT_EQ(words(bare), "accuracy|");
  for (const Term& term : terms(testing::sample_report().models))
    EXPECT_TRUE(has(report_html(testing::sample_report()), term.meaning.substr(0, 20))) << term.word;
}

// Below the title, where nobody wrote anything else: what is clear, and what is not.
TEST(Headline, SaysWhatChangedBetweenFewModels) {
  ReportInput input = testing::sample_report();
  input.subtitle.clear();
  const std::string all =
      "in2: 32.2 before, 97.3 after; document: 15.3 before, 26.3 after; code: 11.2 before, 69.9 after";
  EXPECT_EQ(headline(input), all + "; no clear difference in database.");
  EXPECT_TRUE(has(report_html(input), all));
  EXPECT_LT(report_html(input).find(">Score by position"), report_html(input).find("<h2>Scores"))
      << "curves lead";
  EXPECT_TRUE(has(report_markdown(input), all));
  for (Comparison& c : input.comparisons) c.low = -200;
  EXPECT_EQ(headline(input), "No clear difference in in2, document, code, database.");
  for (const std::size_t models : {1u, 5u}) EXPECT_EQ(headline(testing::sample_of_many(models)), "");
  const ReportInput three = testing::sample_of_many(3);
  for (const ModelScores& model : three.models)
    EXPECT_TRUE(has(headline(three), " " + model.label)) << headline(three);
  input.comparisons.clear();
  EXPECT_EQ(headline(input), "");
}

TEST(Models, AreNamedByPathStepAndHash) {
  ReportInput input = testing::sample_report();
  input.models[0].origin = ModelOrigin{"runs/x/start", {}, std::string(64, 'a')};
  input.models[1].origin = ModelOrigin{"runs/x/checkpoints/step-00000042", 42, "0123456789abcdef"};
  for (const std::string& text : {report_html(input), report_markdown(input)}) {
    EXPECT_TRUE(has(text, "runs/x/start · SHA-256 aaaaaaaaaaaa"));
    EXPECT_TRUE(has(text, "step 42 · SHA-256 0123456789ab"));
  }
  const ReportInput read = scores_of(report_json(input), "t");
  EXPECT_EQ(read.models[1].origin->step, 42);
  input.models[0].origin.reset();
  EXPECT_FALSE(scores_of(report_json(input), "t").models[0].origin.has_value());
}

TEST(Command, CanBePasted) {
  ReportInput input = testing::sample_report();
  input.command = "film eval 'my runs/a' --set 'tasks=[\"in2\"]' -o out";
  EXPECT_TRUE(
      has(report_html(input), "<pre>film eval &#39;my runs/a&#39; --set &#39;tasks=[&quot;in2&quot;]&#39;"));
  EXPECT_TRUE(has(report_markdown(input), "```\nfilm eval 'my runs/a' --set 'tasks=[\"in2\"]' -o out\n```"));
}

AnswerSample sample_of(const std::string& task, double score, const std::string& output) {
  Prediction prediction{task, "000007-001", output, "the heron", EvidenceSlot{2, 9}, {}, score};
  return {"after",
          "Which bird?",
          prediction,
          {{"Reeds.", false, false, 0},
           {"", false, false, 4},
           {"The bird is the heron.", true, false, 0},
           {"The stork left.", false, true, 0}}};
}

TEST(Samples, ShowTheQuestionTheAnswersAndTheEvidence) {
  ReportInput input = testing::sample_report();
  input.samples = {sample_of("in2", 0, "the stork"), sample_of("in2", 1, "the heron"),
                   sample_of("code", 0.5, "")};
  input.samples[2].prediction.state = AnswerState::refused;
  input.samples[2].prediction.detail = "policy <7>";
  const std::string html = report_html(input), markdown = report_markdown(input);
  EXPECT_EQ(testing::WellFormed::problem(html), "");
  for (const char* part :
       {"after · wrong · evidence in piece 3 of 9 (28 % deep)", "after · right", "after · not scored",
        "<mark>The bird is the heron.</mark>", "<p class=\"taken\">The stork left.</p>",
        "… 4 pieces left out …", "(nothing)  [refused] policy &lt;7&gt;", "<dd>Which bird?</dd>"})
    EXPECT_TRUE(has(html, part)) << part;
  EXPECT_TRUE(has(markdown, "got: the stork"));
  EXPECT_TRUE(has(markdown, "(refused)"));
  input.samples.clear();
  EXPECT_FALSE(has(report_html(input), "<h2>Answers</h2>"));
}

TEST(Latex, IsATableThatKeepsTextAsText) {
  ReportInput input = testing::sample_of_many(3);
  input.models[1].label = "a_b & c%";
  for (Comparison& c : input.comparisons)
    if (c.after == "film-7b") c.after = "a_b & c%";
  input.comparisons[0].low = -1;
  input.comparisons[0].high = 1;  // in2, the second model: no clear difference
  const std::string text = report_latex(input);
  EXPECT_TRUE(has(text, "\\begin{tabular}{lrrr}"));
  EXPECT_TRUE(has(text, "task & base & a\\_b \\& c\\% & mistral-v0.2 \\\\"));
  EXPECT_TRUE(has(text, "multi\\_hop & "));
  const std::string line =
      text.substr(text.find("in2 &"), text.find('\n', text.find("in2 &")) - text.find("in2 &"));
  EXPECT_EQ(line.find("$^{*}$"), line.rfind("$^{*}$")) << line;
  EXPECT_TRUE(has(line, "$^{*}$")) << line;
}

}  // namespace
}  // namespace film::report

// Questions that people wrote: rows of files, quotes in texts, and where a row is placed.

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "questions/import/generator.h"
#include "questions/import/quote_finder.h"
#include "questions/import/rows.h"

namespace film::questions {
namespace {

using support::TempFolder;

class ImportTest : public testing::Test {
 protected:
  std::vector<ImportRow> rows(const std::string& name, const std::string& content) {
    std::vector<ImportRow> all;
    read_import_rows(folder_.put(name, content), [&](ImportRow row) { all.push_back(std::move(row)); });
    return all;
  }
  TempFolder folder_;
};

TEST_F(ImportTest, ReadsCsvAsSpreadsheetsWriteIt) {
  const auto all = rows("q.csv",
                        "\xEF\xBB\xBFQuestion,Answer,Context,Evidence\r\n"
                        "\"Who, exactly?\",\"She said \"\"I\"\"\",3,\"first quote || second\nquote\"\r\n"
                        "\r\n"
                        "Where?,Here,,some words\r\n"
                        "one,two\r\n"
                        ",answer,1,\r\n"
                        "What?,That,abc,\r\n"
                        "What?,That,,\r\n");
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0].question, "Who, exactly?");
  EXPECT_EQ(all[0].answer, "She said \"I\"");
  EXPECT_EQ(all[0].context, 3u);
  EXPECT_EQ(all[0].quotes, (std::vector<std::string>{"first quote", "second quote"}));
  EXPECT_EQ(all[0].where, "q.csv:2");
  EXPECT_EQ(all[1].where, "q.csv:5");
  EXPECT_FALSE(all[1].reject_reason);
  EXPECT_EQ(all[2].reject_reason, RejectReason::no_context_and_no_quote);
  EXPECT_EQ(all[3].reject_reason, RejectReason::no_question);
  EXPECT_EQ(all[4].reject_reason, RejectReason::bad_context);
  EXPECT_EQ(all[5].reject_reason, RejectReason::no_context_and_no_quote);
}

TEST_F(ImportTest, FindsTheDelimiterAndNamesAMissingColumn) {
  EXPECT_EQ(rows("q.csv", "answer;question;quote\nHere;Where, then?;a, b\n")[0].question, "Where, then?");
  EXPECT_EQ(rows("q.tsv", "answer\tquestion\tcontext\nHere\tWhere?\t0\n")[0].context, 0u);
  for (const char* bad :
       {"question,context\nWhere?,1\n", "", "question,answer\n", "question,answer\n\"never closed\n"})
    EXPECT_THROW(rows("bad.csv", bad), Error) << bad;
}

TEST_F(ImportTest, ReadsQuotesAsAListOrASeparatedText) {
  using Quotes = std::vector<std::string>;
  const std::string head = R"({"Question": "q", "ANSWER": "a", )";
  const auto all = rows("q.jsonl", head +
                                       R"("evidence": ["a || b", 7], "quote": "c || d"})"
                                       "\n" +
                                       head +
                                       R"("quotes": "[1, 2]"})"
                                       "\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].quotes, (Quotes{"a || b", "7", "c", "d"}));
  EXPECT_EQ(all[1].quotes, (Quotes{"[1, 2]"}));  // a text, not a list
}

TEST_F(ImportTest, ReadsJsonLinesAndNamesBadOnes) {
  const auto all =
      rows("q.jsonl", R"({"question": "Where?", "answer": 7, "context_id": 2, "evidence": ["a b", "c"]})"
                      "\n"
                      "{broken\n"
                      R"({"question": "Where?", "answer": "x", "quote": "some words", "note": "mine"})"
                      "\n"
                      "\xFF\xFE\n");
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].answer, "7");
  EXPECT_EQ(all[0].context, 2u);
  EXPECT_EQ(all[0].quotes.size(), 2u);
  EXPECT_EQ(all[1].reject_reason, RejectReason::bad_json);
  EXPECT_EQ(all[1].where, "q.jsonl:2");
  EXPECT_NE(all[1].detail, "");
  EXPECT_FALSE(all[2].reject_reason);
  EXPECT_EQ(all[3].reject_reason, RejectReason::bad_utf8);
}

TEST(QuoteFinder, FindsWholeWordsOfAnyLength) {
  QuoteFinder finder;
  const auto long_one = finder.add("green by Mabel Orr in 1911"), word = finder.add("bees"),
             part = finder.add("light"), mark = finder.add("\"quoted\" text");
  EXPECT_EQ(finder.add("bees"), word);
  EXPECT_EQ(finder.find("painted green by Mabel Orr in 1911, with bees."),
            (std::vector<std::size_t>{long_one, word}));
  EXPECT_EQ(finder.find("the lighthouse"), std::vector<std::size_t>{});
  EXPECT_EQ(finder.find("a \"quoted\" text"), std::vector<std::size_t>{mark});
  EXPECT_EQ(finder.find("quoted text"), std::vector<std::size_t>{});
  EXPECT_EQ(finder.find("light"), std::vector<std::size_t>{part});
}

// Segments 0-5 in two contexts; the evidence of context 0 is segment 1, of context 1 segment 4.
folders::DataFolder write_data(const fs::path& folder) {
  support::SmallData data;
  data.texts = {"Alpha stands here.",      "Beta is the second word of all.", "Gamma rays are bright.",
                "Delta is a river mouth.", "Epsilon is small, Beta is not.",  "Gamma rays are bright."};
  for (const std::vector<std::uint32_t>& segments : {std::vector<std::uint32_t>{0, 1, 2, 3}, {3, 4, 2, 5}}) {
    Context context;
    context.segments = segments;
    context.evidence = {1};
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

TEST_F(ImportTest, PlacesRowsByContextByQuoteOrByBoth) {
  QaSettings settings;
  settings.generator = GeneratorKind::import;
  settings.import.file = folder_.put(
      "q.jsonl", R"({"question": "q0", "answer": "Beta", "context": 0})"
                 "\n"
                 R"({"question": "q1", "answer": "zeta", "quote": "second  word"})"
                 "\n"
                 R"({"question": "q2", "answer": "zeta", "quote": "Beta is"})"
                 "\n"
                 R"({"question": "q3", "answer": "zeta", "quote": "river mouth"})"
                 "\n"
                 R"({"question": "q4", "answer": "zeta", "quote": ["Epsilon is", "river"], "context": 1})"
                 "\n"
                 R"({"question": "q5", "answer": "zeta", "quote": "nowhere at all"})"
                 "\n"
                 R"({"question": "q6", "answer": "zeta", "quote": "Gamma rays", "context": 1})"
                 "\n"
                 R"({"question": "q7", "answer": "zeta", "quote": "Gamma rays"})"
                 "\n"
                 R"({"question": "q8", "answer": "zeta", "context": 2})"
                 "\n"
                 R"({"question": "q9", "answer": "zeta", "quote": "Alpha", "context": 1})"
                 "\n");
  const folders::DataFolder data = write_data(folder_ / "data");
  const Source source{data, data.tokenizer(), 2};
  std::uint64_t kept = 0;
  QaFacts facts;
  testing::internal::CaptureStderr();
  {
    QuestionFiles files(folder_.path());
    ImportGenerator(settings).write(source, files, facts);
    files.finish();
    kept = files.tally().kept();
  }
  const std::string log = testing::internal::GetCapturedStderr();
  std::map<std::string, std::pair<std::uint64_t, std::vector<std::uint32_t>>> placed;
  for_each_record(folder_ / "examples.jsonl", [&](const Json& json, const std::string& where) {
    const Example example = from_json<Example>(json, where);
    for (const Question& q : example.questions) {
      placed[q.question] = {example.context, q.evidence};
      EXPECT_EQ(q.labels.at("extractive").get<bool>(), q.question == "q0");
    }
  });
  using Place = std::pair<std::uint64_t, std::vector<std::uint32_t>>;
  EXPECT_EQ(placed["q0"], (Place{0, {1}}));
  EXPECT_EQ(placed["q1"], (Place{0, {1}}));
  EXPECT_EQ(placed["q2"], (Place{1, {1}}));  // in the evidence of both; context 1 has no question yet
  EXPECT_EQ(placed["q3"].second.size(), 1u);
  EXPECT_EQ(placed["q4"], (Place{1, {0, 1}}));
  EXPECT_EQ(placed["q7"], (Place{0, {2}}));  // twice in context 1, once in context 0
  EXPECT_EQ(placed.size(), 6u);
  std::map<std::string, std::string> reasons;
  for_each_record(folder_ / "rejected.jsonl", [&](const Json& json, const std::string&) {
    reasons[json.at("question").get<std::string>()] = json.at("reason").get<std::string>();
    EXPECT_TRUE(json.at("where").get<std::string>().starts_with("q.jsonl:"));
  });
  EXPECT_EQ(reasons["q5"], "quote_not_found");
  EXPECT_EQ(reasons["q6"], "quote_in_several_segments");
  EXPECT_EQ(reasons["q8"], "unknown_context");
  EXPECT_EQ(reasons["q9"], "quote_not_found");
  EXPECT_EQ(reasons.size(), 4u);
  EXPECT_NE(log.find("q.jsonl:6: quote_not_found"), std::string::npos) << log;
  EXPECT_EQ(kept, 6u);
  EXPECT_EQ(facts.import.value().rows, 10u);
}

}  // namespace
}  // namespace film::questions

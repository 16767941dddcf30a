#include "../../src/questions/import.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "../../src/questions/import_quotes.h"
#include "../../src/questions/import_rows.h"
#include "film/base/error.h"
#include "film/base/lines.h"

namespace film::questions {
namespace {

class ImportTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path file(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  std::vector<ImportRow> rows(const std::string& name, const std::string& content) {
    std::vector<ImportRow> all;
    read_import_rows(file(name, content), [&](ImportRow row) { all.push_back(std::move(row)); });
    return all;
  }
  fs::path folder_ = fs::path(testing::TempDir()) / ("film_import_" + std::to_string(::getpid()));
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
  EXPECT_EQ(all[1].problem, nullptr);
  EXPECT_STREQ(all[2].problem, "bad_line");
  EXPECT_STREQ(all[3].problem, "no_question");
  EXPECT_STREQ(all[4].problem, "bad_context");
  EXPECT_STREQ(all[5].problem, "no_context_and_no_quote");
}

TEST_F(ImportTest, FindsTheDelimiterAndNamesAMissingColumn) {
  EXPECT_EQ(rows("q.csv", "answer;question;quote\nHere;Where, then?;a, b\n")[0].question, "Where, then?");
  EXPECT_EQ(rows("q.tsv", "answer\tquestion\tcontext\nHere\tWhere?\t0\n")[0].context, 0u);
  for (const char* bad : {"question,context\nWhere?,1\n", "", "question,answer\n\"never closed\n"})
    EXPECT_THROW(rows("bad.csv", bad), Error) << bad;
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
  EXPECT_STREQ(all[1].problem, "bad_line");
  EXPECT_NE(all[1].detail.find("q.jsonl:2"), std::string::npos);
  EXPECT_EQ(all[2].problem, nullptr);
  EXPECT_STREQ(all[3].problem, "bad_line");
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
QaSource small_source() {
  static const std::vector<std::string> texts = {
      "Alpha stands here.",      "Beta is the second word of all.", "Gamma rays are bright.",
      "Delta is a river mouth.", "Epsilon is small, Beta is not.",  "Gamma rays are bright."};
  static const std::vector<std::vector<std::uint64_t>> recipes = {{0, 1, 2, 3}, {3, 4, 2, 5}};
  QaSource source;
  source.contexts = 2;
  source.context = [](std::uint64_t id) {
    Context context;
    context.id = id;
    context.split = "train";
    context.segments = recipes[id];
    context.evidence = {1};
    return context;
  };
  source.texts = [](const Context& context, const std::vector<std::uint32_t>& positions) {
    std::vector<std::string> found;
    for (const std::uint32_t p : positions) found.push_back(texts[context.segments[p]]);
    return found;
  };
  return source;
}

TEST_F(ImportTest, PlacesRowsByContextByQuoteOrByBoth) {
  QaSettings settings;
  settings.generator = "import";
  settings.import = file(
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
  const QaSource source = small_source();
  QaTally tally;
  testing::internal::CaptureStderr();
  {
    QaFiles files(folder_);
    write_imported_questions(source, settings, source.contexts, files, tally);
    files.finish();
  }
  const std::string log = testing::internal::GetCapturedStderr();
  std::map<std::string, std::pair<std::uint64_t, std::vector<std::uint32_t>>> placed;
  for_each_record(folder_ / "examples.jsonl", [&](const Json& json, const std::string& where) {
    const Example example = example_from_json(json, where);
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
  EXPECT_EQ(tally.kept(), 6u);
}

}  // namespace
}  // namespace film::questions

// Questions that people wrote: rows of files, quotes in texts, and where a row is placed.

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "questions/import/generator.h"
#include "questions/import/placement.h"
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

TEST_F(ImportTest, ReadsNumbersAsPandasWritesThem) {
  const auto all =
      rows("q.csv",
           "question,answer,context,evidence\n"
           "a,b,12.0,\nc,d,7.,x\ne,f,0.000,\ng,h,NaN,x\ni,j,None,x\nk,l,1.5,\nm,n,-1,\no,p,3e0,\n");
  ASSERT_EQ(all.size(), 8u);
  EXPECT_EQ(all[0].context, 12u);
  EXPECT_EQ(all[1].reject_reason, RejectReason::bad_context);
  EXPECT_EQ(all[2].context, 0u);
  for (const std::size_t without : {3u, 4u}) {
    EXPECT_FALSE(all[without].reject_reason);
    EXPECT_FALSE(all[without].context);
  }
  for (const std::size_t bad : {5u, 6u, 7u}) EXPECT_EQ(all[bad].reject_reason, RejectReason::bad_context);
}

TEST_F(ImportTest, ReadsWhatSpreadsheetsAndProgramsWrite) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"sep.csv", "sep=|\r\n Question |ANSWER|Context\r\nWhere?|Here|4\r\n"},
      {"mac.csv", "question,answer,context\rWhere?,Here,4\r"},
      {"semi.csv", "\"answer\";\"question\";\"context\";\"note\"\n\"Here\";\"Where?\";\"4\"\n;;;\n"},
      {"long.csv", "question,answer,context\nWhere?,Here,4,,,\n\n,,\n"},
      {"array.json",
       "[\n  {\"question\": \"Where?\", \"answer\": \"Here\", \"context\": 4.0, \"evidence\": NaN}\n]\n"},
      {"lines.jsonl", "\xEF\xBB\xBF{\"Question \":\"Where?\",\"answer\":\"Here\",\"context_id\":\"4\"}\n\n"}};
  for (const auto& [name, content] : files) {
    const auto all = rows(name, content);
    ASSERT_EQ(all.size(), 1u) << name;
    EXPECT_FALSE(all[0].reject_reason) << name << " " << all[0].detail;
    EXPECT_EQ(all[0].question + all[0].answer, "Where?Here") << name;
    EXPECT_EQ(all[0].context, 4u) << name;
  }
  EXPECT_THROW(rows("questions.xlsx", "PK\x03\x04....xl/workbook.xml"), Error);
}

struct Placed {
  std::map<std::string, std::vector<std::uint32_t>> evidence;  // by question
  std::map<std::string, std::string> detail;                   // of the rejected
};

Placed placed(const folders::DataFolder& data, std::vector<ImportRow> rows) {
  const Source source{data, data.tokenizer(), data.contexts().size()};
  Placement placement(source);
  placement.place(rows);
  Placed result;
  for (const auto& [id, questions] : placement.placed())
    for (const Question& q : questions) result.evidence[q.question] = q.evidence;
  for (const ImportRow& row : rows)
    if (row.reject_reason) result.detail[row.question] = name_of(*row.reject_reason) + " | " + row.detail;
  return result;
}

ImportRow quoting(const std::string& quote, std::optional<std::uint64_t> context = std::nullopt) {
  ImportRow row;
  row.question = quote;
  row.answer = "answer";
  row.quotes = {quote};
  row.context = context;
  return row;
}

const std::vector<std::string> kTypographic = {
    "The \u201Cgr\u00FCne Heinrich\u201D \u2014 a novel \u2014 didn\u2019t sell.",
    "It cost 12\u00A0000\u202Ffrancs\u2026 too much.",
    "A co\u00ADoperative of\uFB01ce\u200B opened in 1854\u20131855.",
    "\u4ED6\u8BF4\uFF1A\u201C\u660E\u5929\u89C1\u201D\u3002",
    "Bars \u2581\u2582 in a text.",
    "It didn't sell: 12 000 francs. Cheap!"};

folders::DataFolder typographic_data(const fs::path& folder) {
  support::SmallData data;
  data.texts = kTypographic;
  Context context;
  context.segments = {0, 1, 2, 3, 4, 5};
  context.evidence = {0};
  data.contexts.push_back(context);
  return support::write_small_data(folder, data);
}

TEST_F(ImportTest, FindsQuotesInAnyTypographicForm) {
  const folders::DataFolder data = typographic_data(folder_ / "data");
  const std::vector<std::pair<std::string, std::uint32_t>> quotes = {
      {"the \"gru\u0308ne Heinrich\"", 9},  // capitals count: not found
      {"The \"gru\u0308ne Heinrich\" - a novel", 0},
      {"a novel -- didn't sell.", 0},
      {"12 000 francs... too much", 1},
      {"cooperative office opened in 1854-1855", 2},
      {"\u4ED6\u8BF4: \"\u660E\u5929\u89C1\"", 3},
      {"Bars \u2581\u2582 in a text.", 4},
      {"12 000 francs. Cheap", 5}};
  for (const auto& [quote, position] : quotes) {
    Placed result = placed(data, {quoting(quote)});
    if (position == 9)
      EXPECT_TRUE(result.evidence.empty()) << quote;
    else
      EXPECT_EQ(result.evidence[quote], std::vector{position}) << quote << ": " << result.detail[quote];
  }
  // What is written as quoted goes before what is only typographically the same.
  EXPECT_EQ(placed(data, {quoting("didn't sell")}).evidence["didn't sell"], std::vector<std::uint32_t>{5});
}

TEST_F(ImportTest, NamesTheNearestText) {
  const folders::DataFolder data = typographic_data(folder_ / "data");
  const Placed result =
      placed(data, {quoting("A cooperative office was opened in 1854"), quoting("completely other words"),
                    quoting("Heinrich novel sell didn", 0)});
  EXPECT_EQ(result.detail.at("A cooperative office was opened in 1854"),
            "quote_not_found | the nearest is in context 0 (85 % of its words): \"A co\u00ADoperative "
            "of\uFB01ce\u200B opened in 1854\"");
  EXPECT_EQ(result.detail.at("completely other words"), "quote_not_found | no text is like it");
  EXPECT_NE(result.detail.at("Heinrich novel sell didn").find("the nearest is in context 0"),
            std::string::npos);
}

}  // namespace
}  // namespace film::questions

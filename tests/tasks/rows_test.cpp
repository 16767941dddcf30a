// Task files: rows of data and a prompt become questions.
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/tasks/build.h"
#include "tasks/spec.h"

namespace film::tasks {
namespace {

class RowsTest : public ::testing::Test {
 protected:
  void SetUp() override { settings_.task_folders = {folder_.string()}; }

  void write_rows(const std::vector<Json>& rows, const std::string& name = "data.jsonl") const {
    std::string text;
    for (const Json& row : rows) text += to_line(row) + "\n";
    write_file(folder_ / name, text);
  }
  // The task t of a file with these keys.
  Task build(Json spec, std::optional<text::Tokenizer> tokenizer = {}) const {
    if (!spec.contains("file")) spec["file"] = "data.jsonl";
    write_file(folder_ / "t.json", to_pretty(spec));
    return build_task("t", Catalog(settings_.task_folders),
                      {.settings = settings_, .tokenizer = std::move(tokenizer)});
  }

  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
  Settings settings_;
};

TEST_F(RowsTest, PromptsAreFilledInOnePass) {
  write_rows({{{"c", "A text that holds {question}."}, {"question", "who?"}, {"answers", {"me", "I"}}}});
  const Task task = build({{"columns", {{"context", "c"}}},
                           {"prompt", "Text: {context}\nQ: {question} {literal}\nA:"},
                           {"metric", "F1"},
                           {"max_new_tokens", 7},
                           {"stop", {"\n"}},
                           {"group", "mine"},
                           {"remark", "a remark"}});
  ASSERT_EQ(task.item_count(), 1u);
  EXPECT_FALSE(task.contexts[0].open) << "the context is in the prompt";
  const Item& item = task.contexts[0].items[0];
  EXPECT_EQ(item.question, "Text: A text that holds {question}.\nQ: who? {literal}\nA:");
  EXPECT_EQ(item.answers, (std::vector<std::string>{"me", "I"}));
  EXPECT_EQ(item.id, "000001");
  EXPECT_FALSE(item.evidence);
  EXPECT_EQ(task.name, "t");
  EXPECT_EQ(task.metric, "F1");
  EXPECT_EQ(task.form, answers::Form::instruction);
  EXPECT_EQ(task.decoding.max_new_tokens, 7);
  EXPECT_EQ(task.decoding.stop, std::vector<std::string>{"\n"});
  EXPECT_EQ(task.notes["group"], "mine");
  EXPECT_EQ(task.notes["remark"], "a remark");
}

TEST_F(RowsTest, NeighboursWithOneContextAreAskedTogether) {
  const auto row = [](const char* context, int n) {
    return Json{{"context", context}, {"question", "q" + std::to_string(n)}, {"answers", n}};
  };
  write_rows({row("one", 0), row("one", 1), row("two", 2), row("", 3), row("", 4)});
  const Task task = build({{"columns", {{"context", "context"}}}});
  ASSERT_EQ(task.contexts.size(), 3u);
  EXPECT_EQ(task.contexts[0].items.size(), 2u);
  EXPECT_EQ(task.contexts[0].open().text(), "one");
  EXPECT_EQ(task.contexts[1].open().text(), "two");
  EXPECT_FALSE(task.contexts[2].open);
  EXPECT_EQ(task.contexts[2].items[1].answers, std::vector<std::string>{"4"});
}

TEST_F(RowsTest, TheFirstRowsServeAsExamplesAndAreNotAsked) {
  write_rows({{{"question", "1+1"}, {"answers", "2"}}, {{"question", "2+2"}, {"answers", "4"}}});
  const Json spec = {{"prompt", "Q: {question}\nA:"}, {"shots", {{"count", 1}}}, {"wrap", "none"}};
  const Task task = build(spec);
  ASSERT_EQ(task.item_count(), 1u);
  EXPECT_EQ(task.contexts[0].items[0].question, "Q: 1+1\nA: 2\n\nQ: 2+2\nA:");
  EXPECT_EQ(task.form, answers::Form::text);
  EXPECT_EQ(task.notes["shots"], 1);
  Json more = spec;
  more["shots"]["count"] = 3;
  EXPECT_NE(support::failure_of([&] { build(more); }).find("only 2 usable rows"), std::string::npos);
}

TEST_F(RowsTest, ExamplesMayHaveAFileAndAPlaceOfTheirOwn) {
  write_rows({{{"question", "2+2"}, {"answers", "4"}}});
  write_rows({{{"question", "1+1"}, {"answers", "2"}}, {{"question", "5+5"}, {"answers", "10"}}},
             "shots.jsonl");
  const Task task = build({{"prompt", "Sums.\n{examples}Now {question} ="},
                           {"shots", {{"count", 2}, {"file", "shots.jsonl"}, {"separator", "; "}}}});
  EXPECT_EQ(task.contexts[0].items[0].question, "Sums.\nSums.\nNow 1+1 = 2; Sums.\nNow 5+5 = 10; Now 2+2 =");
}

TEST_F(RowsTest, AnswersNameChoicesByTextLetterOrNumber) {
  const auto row = [](const Json& answer) {
    return Json{{"question", "q"}, {"answers", answer}, {"choices", {"red", "green", "blue"}}};
  };
  write_rows({row("green"), row("C"), row(0), row("D"), row("pink"), row(3)});
  const Json spec = {{"columns", {{"choices", {"choices"}}}},
                     {"mode", "choose"},
                     {"metric", "accuracy"},
                     {"prompt", "{question}\n{choices}"}};
  const Task task = build(spec);
  ASSERT_EQ(task.item_count(), 3u);
  const std::vector<Item>& items = task.contexts[0].items;
  EXPECT_EQ(items[0].question, "q\nA. red\nB. green\nC. blue");
  EXPECT_EQ(items[0].answers, std::vector<std::string>{"green"});
  EXPECT_EQ(items[1].answers, std::vector<std::string>{"blue"});
  EXPECT_EQ(items[2].answers, std::vector<std::string>{"red"});
  EXPECT_EQ(items[2].choices, (std::vector<std::string>{"red", "green", "blue"}));
  EXPECT_EQ(task.notes["left_out"]["answer is not one of the choices"], 3);
  Json letters = spec;
  letters["rated"] = "letter";
  const Task rated = build(letters);
  EXPECT_EQ(rated.contexts[0].items[1].choices, (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(rated.contexts[0].items[1].answers, std::vector<std::string>{"C"});
}

TEST_F(RowsTest, AColumnForEachChoiceInACsvFile) {
  write_file(folder_ / "data.csv", "question,a,b,key\r\n\"sky, at noon\",blue,green,A\r\n");
  const Task task = build({{"file", "data.csv"},
                           {"columns", {{"choices", {"a", "b"}}, {"answers", "key"}}},
                           {"mode", "choose"},
                           {"metric", "accuracy"}});
  ASSERT_EQ(task.item_count(), 1u);
  EXPECT_EQ(task.contexts[0].items[0].question, "sky, at noon");
  EXPECT_EQ(task.contexts[0].items[0].choices, (std::vector<std::string>{"blue", "green"}));
  EXPECT_EQ(task.contexts[0].items[0].answers, std::vector<std::string>{"blue"});
}

TEST_F(RowsTest, PositionsAreTakenWhereTheDataHasThem) {
  write_rows({{{"question", "q"}, {"answers", "a"}, {"at", 2}, {"of", 5}},
              {{"question", "q"}, {"answers", "a"}, {"at", 5}, {"of", 5}}});
  const Task task = build({{"columns", {{"slot", "at"}, {"slots", "of"}}}});
  ASSERT_EQ(task.item_count(), 1u);
  EXPECT_DOUBLE_EQ(task.contexts[0].items[0].evidence->depth(), 0.5);
  EXPECT_EQ(task.notes["left_out"]["position out of range"], 1);
}

TEST_F(RowsTest, TheMiddleOfLongPromptsIsLeftOut) {
  const fs::path model = fs::path(FILM_TEST_DATA) / "tokenizer/small.model";
  const text::Tokenizer tokenizer = text::Tokenizer::load(model);
  std::string context;
  for (int n = 0; n < 200; ++n) context += "word " + std::to_string(n) + " ";
  write_rows({{{"c", context}, {"question", "why?"}, {"answers", "so"}},
              {{"c", "short"}, {"question", "why?"}, {"answers", "so"}}});
  const Json spec = {
      {"columns", {{"context", "c"}}}, {"prompt", "Begin. {context} {question}"}, {"max_prompt_tokens", 60}};
  const Task task = build(spec, tokenizer);
  const std::string cut = task.contexts[0].items[0].question, whole = "Begin. " + context + " why?";
  // LongBench's rule on the whole prompt: 30 tokens in front, <s> among them, and 30 at the end.
  const text::TokenIds ids = tokenizer.encode(whole);
  const std::span<const text::TokenId> all(ids);
  EXPECT_EQ(cut, tokenizer.decode(all.first(29)) + tokenizer.decode(all.last(30)));
  EXPECT_TRUE(cut.starts_with("Begin. word 0"));
  EXPECT_TRUE(cut.ends_with("why?"));
  EXPECT_EQ(task.contexts[0].items[1].question, "Begin. short why?");
  EXPECT_EQ(task.notes["truncated"]["texts"], 1);
  EXPECT_EQ(task.notes["truncated"]["tokens"], ids.size() - 59);
  EXPECT_NE(support::failure_of([&] { build(spec); }).find("there is no tokenizer"), std::string::npos);
}

TEST_F(RowsTest, OddRowsAreLeftOutAndCounted) {
  write_file(folder_ / "data.jsonl",
             "{\"question\": \"q\", \"answers\": [\"a\"]}\nno json\n\n{\"question\": \"q\"}\n"
             "{\"question\": \"q\", \"answers\": []}\n");
  const Task task = build(Json::object());
  EXPECT_EQ(task.item_count(), 1u);
  EXPECT_EQ(task.notes["left_out"]["bad_json"], 1);
  EXPECT_EQ(task.notes["left_out"]["missing"], 1);
  EXPECT_EQ(task.notes["left_out"]["no answer"], 1);
  write_file(folder_ / "data.jsonl", "no json\n");
  const std::string message = support::failure_of([&] { build(Json::object()); });
  EXPECT_NE(message.find("no question in"), std::string::npos) << message;
  EXPECT_NE(message.find("data.jsonl:1: bad_json"), std::string::npos) << message;
}

TEST_F(RowsTest, ColumnsThatNeedNotBeThere) {
  const Json spec = {
      {"columns", {{"id", "index?"}, {"slot", "slot?"}, {"slots", "slots?"}, {"answer_start", "prefix?"}}}};
  write_rows({{{"question", "q"}, {"answers", "a"}}, {{"question", "p"}, {"answers", "b"}}});
  const Task bare = build(spec);
  EXPECT_EQ(bare.contexts[0].items[1].id, "000002");
  EXPECT_FALSE(bare.contexts[0].items[0].evidence);
  EXPECT_EQ(bare.contexts[0].items[0].answer_start, "");
  const auto row = [](int index, const char* prefix) {
    return Json{{"index", index}, {"question", "q"}, {"answers", "a"},
                {"slot", 3},      {"slots", 40},     {"prefix", prefix}};
  };
  write_rows({row(7, " It is "), row(9, "")});
  const Task whole = build(spec);
  EXPECT_EQ(whole.contexts[0].items[0].id, "7");
  EXPECT_EQ(whole.contexts[0].items[0].answer_start, "It is");
  EXPECT_EQ(whole.contexts[0].items[1].evidence->slots, 40u);
  write_rows({row(7, ""), row(9, ""), row(7, "")});  // offsets, as one generator writes them
  EXPECT_EQ(build(spec).contexts[0].items[2].id, "000003");
  EXPECT_EQ(build(spec).contexts[0].items[1].id, "000002");
}

TEST_F(RowsTest, AConversationIsAListOfMessages) {
  const Json spec = {{"wrap", "messages"}, {"metric", "sequence ratio"}};
  const auto row = [](const std::string& talk) { return Json{{"question", talk}, {"answers", "a"}}; };
  write_rows({row(R"([{"role": "user", "content": "hi"}])"), row("hi"), row("[]"),
              row(R"([{"role": "assistant", "content": "hi"}])"),
              row(R"([{"role": "user", "content": 3}])")});
  const Task task = build(spec);
  EXPECT_EQ(task.item_count(), 1u);
  EXPECT_EQ(task.form, answers::Form::messages);
  EXPECT_EQ(task.notes["left_out"]["question is no list of messages that ends with the user's"], 4);
  Json choosing = spec;
  choosing["mode"] = "choose";
  choosing["choices"] = {"x", "y"};
  EXPECT_NE(support::failure_of([&] { build(choosing); }).find("wrap messages"), std::string::npos);
}

TEST_F(RowsTest, IdsMustBeUnique) {
  write_rows({{{"id", "x"}, {"question", "q"}, {"answers", "a"}},
              {{"id", "x"}, {"question", "r"}, {"answers", "b"}}});
  const std::string message = support::failure_of([&] { build({{"columns", {{"id", "id"}}}}); });
  EXPECT_NE(message.find("data.jsonl:2: id \"x\" occurs twice"), std::string::npos) << message;
}

TEST_F(RowsTest, DataIsSearchedInTheSettingsFolderFirst) {
  write_rows({{{"question", "beside"}, {"answers", "a"}}});
  EXPECT_EQ(build(Json::object()).contexts[0].items[0].question, "beside");
  make_folder(folder_ / "elsewhere");
  write_rows({{{"question", "elsewhere"}, {"answers", "a"}}}, "elsewhere/data.jsonl");
  settings_.task_data = (folder_ / "elsewhere").string();
  EXPECT_EQ(build(Json::object()).contexts[0].items[0].question, "elsewhere");
  const auto files = files_of_task("t", Catalog(settings_.task_folders), settings_);
  EXPECT_EQ(files, (std::vector<fs::path>{folder_ / "t.json", folder_ / "elsewhere/data.jsonl"}));
  const std::string message = support::failure_of([&] { build({{"file", "none.jsonl"}}); });
  EXPECT_NE(message.find("elsewhere/none.jsonl"), std::string::npos) << message;
  EXPECT_NE(message.find("task_data"), std::string::npos) << message;
}

TEST_F(RowsTest, TheTasksOfFilmAreBuilt) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer/small.model");
  const Task hop = build_task("multi_hop", Catalog({}), {.settings = settings_, .tokenizer = tokenizer});
  EXPECT_EQ(hop.item_count(), 20u);
  EXPECT_EQ(hop.notes["truncated"]["texts"], 0);
  const Task choices = build_task("reading_choices", Catalog({}), {.settings = settings_});
  EXPECT_EQ(choices.item_count(), 16u);
  EXPECT_EQ(choices.mode, Mode::choose);
  EXPECT_TRUE(needs_tokenizer("multi_hop", Catalog({})));
  EXPECT_FALSE(needs_tokenizer("reading_choices", Catalog({})));
}

TEST_F(RowsTest, RowsOfPublishedFilesWithPositionsGroupsAndSkippedOnes) {
  write_file(folder_ / "skip.json", "[1, 4]");
  std::vector<Json> rows;
  for (int i = 0; i < 6; ++i)
    rows.push_back(
        {{"prompt", "?"}, {"label", "L" + std::to_string(i)}, {"about", "D"}, {"at", i % 3}, {"set", i / 3}});
  write_rows(rows);
  const Task task = build({{"columns",
                            {{"question", "prompt"},
                             {"answers", "label"},
                             {"more_answers", {"about"}},
                             {"slot", "at"},
                             {"group", "set"}}},
                           {"slots", 3},
                           {"skip", "skip.json"}});
  ASSERT_EQ(task.contexts.size(), 2u) << "one of each group";
  EXPECT_EQ(task.rows, 6u);
  EXPECT_EQ(task.item_count(), 4u);
  EXPECT_EQ(task.notes.at("skipped"), 2);
  const Item& last = task.contexts[1].items.back();
  EXPECT_EQ(last.answers, (std::vector<std::string>{"L5", "D"}));
  EXPECT_EQ(last.row, 5u);
  EXPECT_EQ(last.evidence->slot, 2u);
  EXPECT_EQ(last.evidence->slots, 3u);
}

TEST_F(RowsTest, AWrittenLetterIsThatOfEveryChoiceThatReadsTheSame) {
  write_rows({{{"question", "?"}, {"answers", "oak"}, {"options", {"oak", "elm", "oak"}}}});
  const Task task =
      build({{"columns", {{"choices", {"options"}}}}, {"rated", "letter"}, {"metric", "first letter"}});
  EXPECT_EQ(task.contexts[0].items[0].answers, (std::vector<std::string>{"A", "C"}));
}

TEST_F(RowsTest, ATaskFileLikeAnother) {
  write_rows({{{"question", "?"}, {"answers", "x"}}});
  write_file(folder_ / "first.json", R"({"file": "data.jsonl", "metric": "F1", "max_new_tokens": 9})");
  const Task task = build({{"like", "first.json"}, {"metric", "ROUGE-L"}});
  EXPECT_EQ(task.metric, "ROUGE-L");
  EXPECT_EQ(task.decoding.max_new_tokens, 9);
  write_file(folder_ / "second.json", R"({"like": "first.json"})");
  EXPECT_NE(support::failure_of([&] {
              build({{"like", "second.json"}});
            }).find("is itself like another file"),
            std::string::npos);
  EXPECT_NE(support::failure_of([&] {
              build({{"like", "none.json"}});
            }).find("none.json"),
            std::string::npos);
}

}  // namespace
}  // namespace film::tasks

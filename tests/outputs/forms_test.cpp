// Files of outputs made elsewhere: each form is told by its keys.
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/outputs/outputs.h"

namespace film::outputs {
namespace {

class FormsTest : public ::testing::Test {
 protected:
  std::vector<Output> read(const std::string& name, const std::string& text,
                           Form form = Form::automatic) const {
    write_file(temp_.path() / name, text);
    return read_outputs({temp_.path() / name}, form);
  }
  std::string problem(const std::string& text, Form form = Form::automatic) const {
    const std::string failure = support::failure_of([&] { read("rows.jsonl", text, form); });
    EXPECT_TRUE(failure.starts_with("65 ")) << failure;
    return failure;
  }
  support::TempFolder temp_;
};

TEST_F(FormsTest, OneRowOfEachForm) {
  const struct {
    const char *file, *row, *task, *id, *text;
  } cases[] = {
      {"x.jsonl", R"({"task":"in2","id":"7-1","output":"red","expected":"red","score":1.0})", "in2", "7-1",
       "red"},
      {"sample_mine_32k.jsonl", R"({"samples": ["red"]})", "mine_32k", "", "red"},
      {"mine.jsonl", R"({"sample": "red"})", "mine", "", "red"},
      {"musique.jsonl", R"({"pred":"red","answers":["blue"],"all_classes":null,"length":9})", "musique", "",
       "red"},
      {"musique.jsonl", R"({"_id":"a1","pred":"red","answers":["blue"],"length":9})", "musique", "a1", "red"},
      {"vt.jsonl", R"({"index":4,"pred":"red","input":"?","outputs":["blue"],"length":9})", "vt", "4", "red"},
      {"samples_my_task_2026-01-02T03-04-05.678.jsonl",
       R"({"doc_id":3,"doc":{},"target":"blue","arguments":{},"resps":[["red"]],"filtered_resps":["red"],"filter":"none"})",
       "my_task", "", "red"},
      {"samples_my_task.jsonl", R"({"doc_id":3,"target":"blue","resps":["red"]})", "my_task", "", "red"},
      {"batch_67.jsonl",
       R"({"id":"b","custom_id":"q-9","response":{"status_code":200,"body":{"choices":[{"message":{"content":"red"},"finish_reason":"stop"}]}},"error":null})",
       "", "q-9", "red"},
      {"batch.jsonl",
       R"({"custom_id":"q-9","response":{"status_code":200,"body":{"choices":[{"text":"red"}]}}})", "", "q-9",
       "red"},
  };
  for (const auto& [file, row, task, id, text] : cases) {
    const auto outputs = read(file, std::string(row) + "\n\n");
    ASSERT_EQ(outputs.size(), 1u) << row;
    EXPECT_EQ(outputs[0].task, task) << row;
    EXPECT_EQ(outputs[0].id, id) << row;
    EXPECT_EQ(outputs[0].text, text) << row;
    EXPECT_EQ(outputs[0].state, AnswerState::given) << row;
  }
}

TEST_F(FormsTest, WhatIsNoAnswerHasAState) {
  const std::string batch =
      R"({"custom_id":"1","response":{"status_code":200,"body":{"choices":[{"message":)";
  const struct {
    std::string row;
    AnswerState state;
    const char* detail;
  } cases[] = {
      {R"({"sample": null})", AnswerState::failed, "null"},
      {R"({"samples": [" \n"]})", AnswerState::empty, ""},
      {R"({"samples": ["<think>so it is</think>"]})", AnswerState::thinking, ""},
      {R"({"pred": "<think>never ends", "answers": ["x"]})", AnswerState::thinking, ""},
      {R"({"output":"","expected":"x","state":"refused","detail":"no"})", AnswerState::refused, "no"},
      {batch + R"({"content":"half"},"finish_reason":"length"}]}}})", AnswerState::cut, ""},
      {batch + R"({"content":null,"refusal":"I must not"},"finish_reason":"stop"}]}}})", AnswerState::refused,
       "must not"},
      {batch + R"({"content":"x"},"finish_reason":"content_filter"}]}}})", AnswerState::refused,
       "content_filter"},
      {R"({"custom_id":"1","response":null,"error":{"message":"expired"}})", AnswerState::failed, "expired"},
      {R"({"custom_id":"1","response":{"status_code":429,"body":{"error":{"message":"slow down"}}}})",
       AnswerState::failed, "429: slow down"},
  };
  for (const auto& [row, state, detail] : cases) {
    const auto outputs = read("x.jsonl", row);
    EXPECT_EQ(outputs[0].state, state) << row;
    EXPECT_NE(outputs[0].detail.find(detail), std::string::npos) << outputs[0].detail;
  }
}

TEST_F(FormsTest, WhatFilmWroteIsWhatItWas) {
  const auto empty = read("x.jsonl", R"({"output":"","expected":"x"})")[0];
  EXPECT_EQ(empty.state, AnswerState::given) << "a model that runs here has ended at once";
  EXPECT_FALSE(empty.all_answers);
  EXPECT_EQ(read("x.jsonl", R"({"output":"","expected":"x","state":"empty"})")[0].state, AnswerState::empty);
  EXPECT_EQ(read("x.jsonl", R"({"output":"<think>a</think>b","expected":"x"})")[0].text, "<think>a</think>b");
}

TEST_F(FormsTest, ThinkingInFrontIsNoPartOfTheAnswer) {
  EXPECT_EQ(read("x.jsonl", R"({"sample": "<think>is it red?</think>\n blue"})")[0].text, "blue");
}

TEST_F(FormsTest, ChoicesOfTheHarness) {
  const auto outputs =
      read("samples_t.jsonl",
           R"({"doc_id":0,"target":"1","arguments":{"gen_args_0":{"arg_0":"Q","arg_1":" yes"},)"
           R"("gen_args_1":{"arg_0":"Q","arg_1":" no"}},"resps":[[["-1.5","False"]],[["-0.25","True"]]]})");
  EXPECT_EQ(outputs[0].log_likelihoods, (std::vector<double>{-1.5, -0.25}));
  EXPECT_EQ(outputs[0].choices, (std::vector<std::string>{"yes", "no"}));
  EXPECT_EQ(outputs[0].answers, (std::vector<std::string>{"1"}));
  EXPECT_EQ(*outputs[0].number, 0u);
}

TEST_F(FormsTest, TheHarnessWritesARowForEachFilter) {
  const std::string a = R"({"doc_id":0,"target":"4","resps":[["4"]],"filter":"strict"})",
                    b = R"({"doc_id":0,"target":"4","resps":[["4"]],"filter":"flexible"})",
                    c = R"({"doc_id":0,"target":"4","resps":[["5"]],"filter":"strict"})";
  EXPECT_EQ(read("x.jsonl", a + "\n" + b).size(), 1u);
  EXPECT_NE(problem(a + "\n" + c).find("two runs"), std::string::npos) << "appended";
}

TEST_F(FormsTest, AnIndexThatRepeatsIsNoId) {
  const std::string row = R"({"index":0,"pred":"x","outputs":["x"]})";
  EXPECT_EQ(read("vt.jsonl", row + "\n" + row)[1].id, "");
}

TEST_F(FormsTest, WhatIsNotOfTheFormIsSaid) {
  const struct {
    const char* text;
    Form form;
    const char* said;
  } cases[] = {
      {R"({"answer": "x", "question": "y"})", Form::automatic, "its keys are answer, question"},
      {R"({"sample": "x"})", Form::longbench,
       "not a row of the form longbench, whose keys are pred, answers"},
      {"[1, 2]", Form::automatic, "must be a JSON object"},
      {"{\"sample\": ", Form::automatic, "rows.jsonl:1"},
      {R"({"samples": ["a", "b"]})", Form::automatic, "a list of one output"},
      {R"({"sample": 3})", Form::automatic, "must be a string or null, got 3"},
      {R"({"pred": "x", "answers": [{}]})", Form::automatic, "must hold strings"},
      {R"({"doc_id":0,"resps":[[["-1,5","False"]],[["-1.5","False"]]]})", Form::automatic,
       "must hold a log-likelihood"},
      {R"({"custom_id":"1","response":{"status_code":200,"body":{}}})", Form::automatic,
       "list of one choice"},
      {" \n", Form::automatic, "there is no output in it"},
  };
  for (const auto& [text, form, said] : cases)
    EXPECT_NE(problem(text, form).find(said), std::string::npos) << problem(text, form);
}

TEST_F(FormsTest, FilesThatAreNotThereAreNoInput) {
  for (const fs::path& path : {temp_.path() / "none.jsonl", temp_.path()}) try {
      read_outputs({path}, Form::automatic);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::no_input) << error.what();
    }
}

}  // namespace
}  // namespace film::outputs

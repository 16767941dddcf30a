// Task files of the short benchmarks, on rows of the shapes in which their hubs publish them.
#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/tasks/build.h"
#include "tasks/clean.h"
#include "tasks/python_literal.h"

namespace film::tasks {
namespace {

class ShortTasks : public ::testing::Test {
 protected:
  void SetUp() override { settings_.task_data = temp_.path().string(); }
  void write(const std::string& name, const std::vector<std::string>& rows) const {
    std::string text;
    for (const std::string& row : rows) text += row + "\n";
    write_file(temp_.path() / name, text);
  }
  // A task of configs/tasks.
  Task build(const std::string& name) const {
    return build_task(name, Catalog({own_}), {.settings = settings_});
  }
  static const Item& item(const Task& task, std::size_t i) { return task.contexts[0].items[i]; }

  support::TempFolder temp_;
  std::string own_ = std::string(FILM_SOURCE_DIR) + "/configs/tasks/short";
  Settings settings_;
};

TEST_F(ShortTasks, MmluHasExamplesOfItsSubjectAndItsDescriptionOnce) {
  const auto row = [](const char* question, const char* subject, int answer) {
    return std::string(R"({"question":")") + question + R"(","subject":")" + subject +
           R"(","choices":["2","0","1","7"],"answer":)" + std::to_string(answer) + "}";
  };
  std::vector<std::string> dev;
  for (int i = 0; i < 6; ++i) dev.push_back(row(" how many? ", "sea_birds", 0));
  for (int i = 0; i < 5; ++i) dev.push_back(row("and here?", "iron", 3));
  write("mmlu_dev.jsonl", dev);
  write("mmlu_test.jsonl", {row("which number?\\n", "iron", 2), row("which bird?", "sea_birds", 1)});
  const Task task = build("mmlu");
  ASSERT_EQ(task.item_count(), 2u);
  const std::string lines = "\nA. 2\nB. 0\nC. 1\nD. 7\nAnswer:";
  std::string expected = "The following are multiple choice questions (with answers) about iron.\n\n";
  for (int i = 0; i < 5; ++i) expected += "and here?" + lines + " D\n\n";
  EXPECT_EQ(item(task, 0).question, expected + "which number?" + lines);
  EXPECT_EQ(item(task, 0).answers, std::vector<std::string>{"C"})
      << "2 is the third choice, not the choice \"2\"";
  EXPECT_NE(item(task, 1).question.find("about sea birds.\n\nhow many?\nA. 2"), std::string::npos);
  EXPECT_EQ(task.mode, Mode::choose);
  EXPECT_EQ(task.notes["chance"], 25);
}

TEST_F(ShortTasks, MmluOfASubjectWithoutExamplesIsRefused) {
  const std::string row = R"({"question":"q","subject":"SUBJECT","choices":["a","b"],"answer":0})";
  const auto of = [&](const std::string& subject) {
    std::string text = row;
    return text.replace(text.find("SUBJECT"), 7, subject);
  };
  write("mmlu_test.jsonl", {of("glass")});
  write("mmlu_dev.jsonl", std::vector<std::string>(5, of("iron")));
  EXPECT_NE(support::failure_of([&] { build("mmlu"); }).find("no example of subject \"glass\""),
            std::string::npos);
  write("mmlu_dev.jsonl", std::vector<std::string>(4, of("glass")));
  EXPECT_NE(support::failure_of([&] { build("mmlu"); }).find("only 4 usable rows"), std::string::npos);
}

TEST_F(ShortTasks, BoolqTakesLabelsOfBothPublishers) {
  write("boolq_val.jsonl", {R"({"passage":"T -- p","question":"is it","label":1})",
                            R"({"passage":"T -- p","question":"was it","label":"false"})",
                            R"({"passage":"T -- p","question":"may it","label":true})"});
  write("boolq_dev.jsonl", {R"({"title":"T","passage":"p","question":"is it","answer":true})"});
  const Task task = build("boolq"), google = build("boolq_google");
  ASSERT_EQ(task.item_count(), 3u);
  EXPECT_EQ(item(task, 0).question, "T -- p\nQuestion: is it?\nAnswer:");
  EXPECT_EQ(item(google, 0).question, item(task, 0).question);
  const char* expected[] = {"yes", "no", "yes"};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(item(task, i).answers.front(), expected[i]) << i;
}

TEST_F(ShortTasks, ArcAndCommonsenseQaNameTheirChoicesByLabels) {
  write("arc_challenge_test.jsonl",
        {R"({"question":"q","choices":{"text":["3","1","2"],"label":["1","2","3"]},"answerKey":"2"})",
         R"({"question":"q","choices":{"text":["x","y"],"label":["A","B"]},"answerKey":"E"})"});
  write(
      "ARC-Challenge-Test.jsonl",
      {R"({"question":{"stem":"q","choices":[{"text":"3","label":"1"},{"text":"1","label":"2"}]},"answerKey":"2"})"});
  write(
      "commonsense_qa_validation.jsonl",
      {R"({"question":" where? ","choices":{"label":["A","B","C"],"text":["x","y","z"]},"answerKey":"C"})"});
  const Task arc = build("arc_challenge"), files = build("arc_challenge_files"),
             csqa = build("commonsense_qa");
  EXPECT_EQ(item(arc, 0).answers, std::vector<std::string>{"1"})
      << "label 2, not number 2 and not the text 2";
  EXPECT_EQ(arc.notes["left_out"]["answer is not one of the choices"], 1);
  EXPECT_EQ(item(files, 0).answers, std::vector<std::string>{"1"});
  EXPECT_EQ(item(files, 0).choices, (std::vector<std::string>{"3", "1"}));
  EXPECT_EQ(item(csqa, 0).question, "Question: where?\nA. x\nB. y\nC. z\nAnswer:");
  EXPECT_EQ(item(csqa, 0).answers, std::vector<std::string>{"C"});
}

TEST_F(ShortTasks, HellaSwagIsCleanedAsTheHarnessDoes) {
  write(
      "hellaswag_val.jsonl",
      {R"({"activity_label":"Baking","ctx_a":"[header] A loaf [title] Heat it.","ctx_b":"then HE","label":"1",)"
       R"("endings":[" waits  for   it.","[step] opens [x\n] the oven."]})"});
  const Task task = build("hellaswag");
  EXPECT_EQ(item(task, 0).question, "Baking: A loaf. Heat it. Then he");
  EXPECT_EQ(item(task, 0).choices, (std::vector<std::string>{"waits for  it.", " opens [x\n] the oven."}));
  EXPECT_EQ(item(task, 0).answers.front(), item(task, 0).choices[1]);
  EXPECT_EQ(task.metric, "accuracy per character");
}

TEST_F(ShortTasks, RaceAsksTheLastQuestionOfAnArticle) {
  const std::string problems =
      R"([{'question': 'Who came?', 'answer': 'B', 'options': ['he', \"she\"]}, {'question': \"It\\'s a  _  .\", )"
      R"('answer': 'A', 'options': ['sail', 'rope']}, {'question': 'Why?', 'answer': 'B', 'options': ['a', 'b']}])";
  write("race_high_test.jsonl", {R"({"article":"Text.","problems":")" + problems + "\"}",
                                 R"({"article":"Text.","problems":"[{'question': 'Why?', 'answer': 'E', )"
                                 R"('options': ['a', 'b']}]"})",
                                 R"({"article":"Text.","problems":"broken"})"});
  write("race_high.jsonl",
        {R"({"article":"Text.","questions":["Who came?","It's a  _  .","Why?"],)"
         R"("answers":["B","A","B"],"options":[["he","she"],["sail","rope"],["a","b"]]})"});
  const Task task = build("race_high"), files = build("race_files"), old = build("race_high_v2");
  const std::string before = "Article: Text.\n\nQuestion: Who came?\nAnswer: she\n";
  ASSERT_EQ(task.item_count(), 1u);
  EXPECT_EQ(item(task, 0).question, before + "It's a sail\nWhy?");
  EXPECT_EQ(item(old, 0).question, before + " _  .sail\nWhy?") << "the sentence is lost, its blank stays";
  EXPECT_EQ(item(files, 0).question, item(task, 0).question);
  EXPECT_EQ(item(files, 0).answers, std::vector<std::string>{"b"});
  EXPECT_EQ(task.notes["left_out"]["a question without its options and the letter of one"], 1);
  EXPECT_EQ(task.notes["left_out"]["no questions"], 1);
}

TEST(Clean, AsOtherProgramsDo) {
  EXPECT_EQ(cleaned("éVA [x] ŁÓDŹ", CleanBy::capitalise), "Éva [x] łódź");
  EXPECT_EQ(cleaned("", CleanBy::capitalise), "");
  EXPECT_EQ(cleaned("a_b__c", CleanBy::spaces), "a b  c");
  EXPECT_EQ(cleaned("a [b] c ] d [e", CleanBy::hellaswag), "a c ] d [e");
  EXPECT_EQ(cleaned("a    b", CleanBy::hellaswag), "a  b") << "one pass, as there";
}

TEST(PythonLiteral, IsReadAsPythonPrintsIt) {
  const std::pair<const char*, const char*> cases[] = {
      {R"(['it\'s', "a \"b\"", 'x\ny', '\xe9\u20ac'])", R"(["it's","a \"b\"","x\ny","é€"])"},
      {R"({'a': (1, 2.5), 'b': [], 'c': {}, 'd': None, 'e': True})",
       R"({"a":[1,2.5],"b":[],"c":{},"d":null,"e":true})"},
      {R"([1, 2,])", "[1,2]"},
      {R"({"json": ["too"]})", R"({"json":["too"]})"}};
  for (const auto& [text, json] : cases) {
    const auto read = python_literal(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(to_line(*read), json);
  }
  for (const char* text : {"['a'", "[a]", "{'a'}", "['a' 'b'", "'\\x1'", "", "plain words"})
    EXPECT_FALSE(python_literal(text)) << text;
}

}  // namespace
}  // namespace film::tasks

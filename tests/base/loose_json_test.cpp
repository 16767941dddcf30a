// JSON that was written carelessly, and thinking in front of answers.
#include "film/base/loose_json.h"

#include "film/base/thinking.h"
#include "support.h"

namespace film {
namespace {

using namespace std::string_view_literals;

std::string read(std::string_view text) {
  const std::optional<Json> json = parse_loose_json(text);
  return json ? to_line(*json) : "nothing";
}

TEST(LooseJson, MendsWhatIsCommonlyWrong) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {R"({"a": "x"})", R"({"a":"x"})"},
      {R"({"a": "\alpha \in \{1\}"})", R"({"a":"\\alpha \\in \\{1\\}"})"},
      {R"({"a": "\frac{1}{2} and \beta"})", R"({"a":"\\frac{1}{2} and \\beta"})"},
      {R"({"a": "\theta, \rho, \d+"})", R"({"a":"\\theta, \\rho, \\d+"})"},
      {R"({"a": "one\ntwo\t3 \"q\" \\ \/ \u00e9"})", R"({"a":"one\ntwo\t3 \"q\" \\ / é"})"},
      {R"({"a": "\u12 \x41 \'"})", R"({"a":"\\u12 \\x41 \\'"})"},
      {R"({"a": "C:\users\new"})", R"({"a":"C:\\users\new"})"},  // \n stays a line break
      {"{\"a\": \"one\ntwo\r\n\x01three\"}", R"({"a":"one\ntwo\n three"})"},
      {R"({"a": [1, 2,], "b": {"c": 3,},})", R"({"a":[1,2],"b":{"c":3}})"},
      {R"({"a": NaN, "b": -Infinity, "c": "NaN"})", R"({"a":null,"b":null,"c":"NaN"})"},
      {R"({"a": 1, "a": 2})", R"({"a":2})"},
      {"{\"a\": \"\xff\"}", "{\"a\":\"\uFFFD\"}"},
      {R"({"a": 1)", "nothing"},
      {R"({'a': 1})", "nothing"},
      {"", "nothing"},
      {std::string(100'000, '['), "nothing"},
      {std::string(100, '[') + std::string(100, ']'), "nothing"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(read(text), expected) << text.substr(0, 100);
}

TEST(LooseJson, GoodJsonIsReadAsParseJsonReadsIt) {
  for (const char* text : {R"({"a":[1,-2.5e3,true,null,"x\ty"],"b":{}})", R"("\n\t\"")", "[]", "0"})
    EXPECT_EQ(read(text), to_line(parse_json(text, "test")));
}

TEST(LooseJson, RandomBytesNeverDoHarm) {
  for (std::size_t i = 0; i < 20'000; ++i) {
    Random random(1, "loose_json", i);
    const std::string text =
        testing_base::random_text(random, "{}[]\"\\,:aubnNI1-e. \n\xc3\xa9\xff\0"sv, random.below(40));
    const std::optional<Json> json = parse_loose_json(text);
    if (try_parse_json(text)) {
      EXPECT_TRUE(json) << text;
    }
    static_cast<void>(json_object_at("{" + text, 0));
  }
}

struct Thought {
  std::string text, answer;
  bool unfinished = false;
};

TEST(SplitThinking, TheAnswerStandsBehindTheLastMark) {
  const std::vector<Thought> table = {
      {"four", "four"},
      {"<think>two and two</think>four", "four"},
      {"two and two</think>\n\nfour", "\n\nfour"},  // the opening mark was part of the prompt
      {"<Thinking>\na\n</Thinking>\nfour", "\nfour"},
      {"[THINK]a[/THINK]four", "four"},
      {"\u25c1think\u25b7a\u25c1/think\u25b7four", "four"},
      {"<reasoning>a</reasoning><think>b</think>four", "four"},
      {"<seed:think>a</seed:think>four", "four"},
      {"<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>four<|return|>",
       "four"},
      {"<think>and so on", "", true},
      {"  <think>a</think> <think>once more", "", true},
      {"<|channel|>analysis<|message|>a", "", true},
      {"The tag <think> opens it.", "The tag <think> opens it."},
      {"", ""},
  };
  for (const Thought& row : table) {
    const Thinking thinking = split_thinking(row.text);
    EXPECT_EQ(thinking.answer, row.answer) << row.text;
    EXPECT_EQ(thinking.unfinished, row.unfinished) << row.text;
  }
}

}  // namespace
}  // namespace film

// Decontamination: what is found, what is not, and what evaluation files may look like.
#include "film/cleaning/evaluation_texts.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "film/base/error.h"

namespace film::cleaning {
namespace {

using support::TempFolder;
using testing::HasSubstr;

EvaluationTexts read(const std::vector<fs::path>& files, std::uint32_t words = 10) {
  DecontaminationSettings settings;
  settings.words = words;
  for (const fs::path& file : files) settings.inputs.push_back(file.string());
  return EvaluationTexts(settings, list_evaluation_files(settings));
}

std::string numbers(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = first; i < first + count; ++i) text += "w" + std::to_string(i) + " ";
  return text;
}

TEST(EvaluationTexts, TenWordsInARowAreAnOverlapAndNineAreNot) {
  const TempFolder folder;
  const EvaluationTexts texts = read({folder.put("e.jsonl", R"({"q":")" + numbers(0, 30) + "\"}\n")});
  for (std::size_t first = 0; first + 10 <= 30; ++first) {
    EXPECT_TRUE(texts.overlap("before, " + numbers(first, 10) + "after")) << first;
    EXPECT_FALSE(texts.overlap("before, " + numbers(first, 9) + "after")) << first;
  }
  EXPECT_TRUE(texts.overlap("W3, w4; (w5) w6\nw7 w8 w9-w10 w11 «w12»"));
  EXPECT_FALSE(texts.overlap(numbers(25, 10)));  // leaves the text
  EXPECT_FALSE(texts.overlap(""));
}

TEST(EvaluationTexts, SaysWhereAndWhat) {
  const TempFolder folder;
  const EvaluationTexts texts = read({folder.put(
      "e.jsonl", "{\"q\":\"short one\",\"choices\":{\"text\":[\"x\",\"" + numbers(0, 12) + "\"]}}\n")});
  const auto overlap = texts.overlap("See: " + numbers(1, 11));
  ASSERT_TRUE(overlap);
  EXPECT_EQ(overlap->where, "e.jsonl:1 (choices.text[1])");
  EXPECT_EQ(overlap->words, "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10");
}

TEST(EvaluationTexts, ReadsEveryKindOfFile) {
  const TempFolder folder;
  const std::vector<std::pair<const char*, std::string>> table = {
      {"a.jsonl", "{\"x\":{\"y\":[\"T\"]}}\n\n{\"z\":1}\n"},
      {"b.json", "[{\"x\":\"T\"},{\"x\":2}]"},
      {"c.json", "{\"data\":{\"x\":\"T\"}}"},
      {"d.csv", "id;question\n1;\"T\"\n"},
      {"e.tsv", "id\tquestion\n1\tT\n"},
      {"f.txt", "T"},
      {"g.md", "# Title\n\nT\n"},
  };
  for (const auto& [name, pattern] : table) {
    std::string content = pattern;
    content.replace(content.find('T', content.find("Title") == std::string::npos ? 0 : 9), 1, numbers(0, 12));
    const EvaluationTexts texts = read({folder.put(name, content)});
    const auto overlap = texts.overlap(numbers(0, 12));
    ASSERT_TRUE(overlap) << name;
    EXPECT_THAT(overlap->where, HasSubstr(name));
    EXPECT_FALSE(texts.overlap(numbers(20, 12))) << name;
  }
}

TEST(EvaluationTexts, ShortTextsAreComparedWholeOrCounted) {
  const TempFolder folder;
  const EvaluationTexts texts = read(
      {folder.put("e.csv", "q\nWho wrote the novel about whales?\nyes\nno no no no no no no\nIs it so?\n")});
  EXPECT_TRUE(texts.overlap("They asked: who wrote the novel about whales, and when"));
  EXPECT_FALSE(texts.overlap("who wrote the novel about ships"));
  EXPECT_FALSE(texts.overlap("no no no no no no no no"));
  const DecontaminationFacts facts = texts.facts();
  ASSERT_EQ(facts.files.size(), 1u);
  EXPECT_EQ(facts.files[0].rows, 4u);
  EXPECT_EQ(facts.files[0].texts, 4u);
  EXPECT_EQ(facts.files[0].too_short, 3u);
}

TEST(EvaluationTexts, HanCharactersAreWordsInLongerRuns) {
  const std::string text = "北京大学位于中国北京市海淀区是一所著名的综合性大学";
  const TempFolder folder;
  const EvaluationTexts texts = read({folder.put("e.txt", text)});
  EXPECT_TRUE(texts.overlap("据说，" + text.substr(0, 18 * 3) + "。"));
  EXPECT_FALSE(texts.overlap("据说，" + text.substr(0, 17 * 3) + "。"));
}

// Random texts of few words, so that windows nearly agree all the time: found is what a search of strings finds.
TEST(EvaluationTexts, FindsWhatASearchOfStringsFinds) {
  const auto random_words = [](Random& random, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (random.below(2) == 0 ? "a " : "b ");
    return text;
  };
  const TempFolder folder;
  Random random(9, "overlap");
  std::string item = random_words(random, 60);
  const EvaluationTexts texts = read({folder.put("e.txt", item)}, 8);
  int found = 0;
  for (int i = 0; i < 400; ++i) {
    const std::string document = random_words(random, 8 + random.below(12));
    bool shared = false;
    for (std::size_t at = 0; at + 16 <= document.size(); at += 2)
      shared = shared || item.find(document.substr(at, 16)) != std::string::npos;
    EXPECT_EQ(texts.overlap(document).has_value(), shared) << document;
    found += shared ? 1 : 0;
  }
  EXPECT_GT(found, 50);
  EXPECT_LT(found, 390);
}

TEST(EvaluationTexts, DamagedFilesAreNamed) {
  const TempFolder folder;
  for (const auto& [name, content, problem] : std::vector<std::tuple<const char*, const char*, const char*>>{
           {"a.jsonl", "{\"x\":\"ok\"}\n{\"x\":\n", "a.jsonl:2"},
           {"b.json", "[{\"x\":\"ok\"},", "b.json"},
           {"c.csv", "q\n\"never closed\n", "c.csv"}}) {
    const fs::path file = folder.put(name, content);
    EXPECT_THAT(support::failure_of([&] { read({file}); }),
                testing::AllOf(HasSubstr("65 "), HasSubstr(problem)));
  }
  EXPECT_THAT(support::failure_of([&] { read({folder / "nothing"}); }), HasSubstr("66 "));
}

}  // namespace
}  // namespace film::cleaning

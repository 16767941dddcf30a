// Ends of sentences: one rule for all scripts; ASCII as it ever was.
#include "film/base/sentences.h"

#include <cstring>

#include "film/base/unicode.h"
#include "film/base/words.h"
#include "support.h"

namespace film {
namespace {

using testing_base::random_text;

using Sentences = std::vector<std::string_view>;

struct Case {
  std::string_view text;
  Sentences expected;
};

TEST(Sentences, MarksBeyondAsciiMayBeLeftToScriptsWithoutBlanks) {
  const SentenceRule rule{.closing = "\"')", .lower_case_continues = false, .beyond_ascii = false};
  const std::vector<Case> cases = {
      {"``INSERT … RETURNING`` is sent. Yes.", {"``INSERT … RETURNING`` is sent.", "Yes."}},
      {"A “Congratulations!” page. Done", {"A “Congratulations!” page.", "Done"}},
      {"One.\u00a0Two. (Three.) four", {"One.\u00a0Two.", "(Three.)", "four"}},
      {"你好！“再见。”他走了。", {"你好！", "“再见。”", "他走了。"}},
  };
  for (const Case& c : cases) EXPECT_EQ(split_sentences(c.text, rule), c.expected) << c.text;
}

TEST(Sentences, OfManyScripts) {
  const std::vector<Case> cases = {
      {"One. Two! Three? Four", {"One.", "Two!", "Three?", "Four"}},
      {"He said \"Go.\" Then (it ended.) So.", {"He said \"Go.\"", "Then (it ended.)", "So."}},
      {"E.g. this, i.e. that. No", {"E.g. this, i.e. that.", "No"}},
      {"Version 3.5 of node.js is 1.000.000 bytes. Yes.",
       {"Version 3.5 of node.js is 1.000.000 bytes.", "Yes."}},
      {"Wait... What?! Oh", {"Wait...", "What?!", "Oh"}},
      {"Title\nText", {"Title", "Text"}},
      {"Wait… what? Élan. été", {"Wait… what?", "Élan. été"}},
      {"… or this. … Or that", {"… or this.", "… Or that"}},
      {"„Hallo.“ Dann “Bye.” Ende", {"„Hallo.“", "Dann “Bye.”", "Ende"}},
      {"你好！“再见。”他走了。", {"你好！", "“再见。”", "他走了。"}},
      {"他说：“你好！”，然后走了。好", {"他说：“你好！”，然后走了。", "好"}},
      {"（见上文。）下一句。", {"（见上文。）", "下一句。"}},
      {"价格是3.5元。OK", {"价格是3.5元。", "OK"}},
      {"价格是３．５元。好", {"价格是３．５元。", "好"}},
      {"真的吗？！真的。。。好", {"真的吗？！", "真的。。。", "好"}},
      {"我……不知道。“我……”他说。", {"我……不知道。", "“我……”", "他说。"}},
      {"分号；不是句号。iPhone很好", {"分号；不是句号。", "iPhone很好"}},
      {"用GPU训练!好吗?好.不好", {"用GPU训练!", "好吗?", "好.", "不好"}},
      {"看node.中文和第1.章", {"看node.中文和第1.章"}},
      {"他说:\"你好。\"然后走了。\"再见。\"好", {"他说:\"你好。\"", "然后走了。", "\"再见。\"", "好"}},
      {"「こんにちは。」彼は言った。次", {"「こんにちは。」", "彼は言った。", "次"}},
      {"今日は晴れ｡明日は雨｡", {"今日は晴れ｡", "明日は雨｡"}},
      {"ผมไปโรงเรียน เขาอยู่บ้าน", {"ผมไปโรงเรียน", "เขาอยู่บ้าน"}},
      {"ใช้ GPU ในการฝึก", {"ใช้ GPU ในการฝึก"}},
      {"यह एक वाक्य है। दूसरा वाक्य।तीसरा॥", {"यह एक वाक्य है।", "दूसरा वाक्य।", "तीसरा॥"}},
      {"هل هذا صحيح؟ نعم. لا", {"هل هذا صحيح؟", "نعم.", "لا"}},
      {"یہ جملہ ہے۔ دوسرا", {"یہ جملہ ہے۔", "دوسرا"}},
      {"Это так. Нет! да", {"Это так.", "Нет! да"}},
      {"Սա նախադասություն է։ Երկրորդ", {"Սա նախադասություն է։", "Երկրորդ"}},
      {"ខ្ញុំទៅសាលា។គាត់នៅផ្ទះ។", {"ខ្ញុំទៅសាលា។", "គាត់នៅផ្ទះ។"}},
      {"ကျွန်တော်သွားတယ်။သူနေတယ်။", {"ကျွန်တော်သွားတယ်။", "သူနေတယ်။"}},
      {"", {}},
      {" \n ", {}},
      {"。", {"。"}},
      {"\n\nA.\n\n\nB", {"A.", "B"}},
  };
  for (const Case& c : cases) EXPECT_EQ(split_sentences(c.text), c.expected) << c.text;
}

TEST(Sentences, WhatEndsLikeOne) {
  for (const std::string_view text :
       {"a.", "a!\")", "a?]", "a…", "好。", "好。”", "好！」", "है।", "صحيح؟", "a.”", "„a.“", "เขาอยู่บ้าน"})
    EXPECT_TRUE(ends_sentence(text)) << text;
  for (const std::string_view text : {"", "a", "a,", "a.b", "好", "好，", ")", "”", "a. "})
    EXPECT_FALSE(ends_sentence(text)) << text;
  EXPECT_FALSE(ends_sentence("a.]", {.closing = "\"')"}));
}

TEST(Sentences, WholeOnesAreFinishedAndOfTheRightLength) {
  EXPECT_EQ(whole_sentences("One two three. four five. Six seven. Eight nine ten", 2, 3),
            (Sentences{"Six seven."}));
  EXPECT_EQ(whole_sentences("One two three. Four.", 3, 3), (Sentences{"One two three."}));
  EXPECT_EQ(whole_sentences("我们用显卡训练模型。好。未完", 3, 20), (Sentences{"我们用显卡训练模型。"}));
  EXPECT_EQ(whole_sentences("étude à moi. Étude à moi.", 1, 9), (Sentences{"Étude à moi."}));
}

// What questions, probes and needles did before there was one rule, byte for byte.
namespace before {

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

bool ends(std::string_view text, const char* closing) {
  while (!text.empty() && std::strchr(closing, text.back()) != nullptr) text.remove_suffix(1);
  return !text.empty() && std::strchr(".!?", text.back()) != nullptr;
}

Sentences of_questions(std::string_view flat, std::size_t least, std::size_t most) {
  Sentences found;
  const auto keep = [&](std::string_view sentence) {
    if (sentence.empty() || is_small(sentence.front()) || !ends(sentence, "\"')]")) return;
    const auto words = static_cast<std::size_t>(std::ranges::count(sentence, ' ')) + 1;
    if (words >= least && words <= most) found.push_back(sentence);
  };
  const auto paragraph = [&](std::string_view text) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i - 1] != ' ' || is_small(text[i]) || !ends(text.substr(begin, i - 1 - begin), "\"')]"))
        continue;
      keep(text.substr(begin, i - 1 - begin));
      begin = i;
    }
    keep(text.substr(begin));
  };
  std::size_t begin = 0;
  for (std::size_t end; (end = flat.find('\n', begin)) != std::string_view::npos; begin = end + 1)
    paragraph(flat.substr(begin, end - begin));
  paragraph(flat.substr(begin));
  return found;
}

// Sentences of a paragraph as words; the last counts only if it ends.
std::vector<Sentences> of_probes(std::string_view text) {
  std::vector<Sentences> found;
  Sentences current;
  for (const std::string_view word : split_words(text)) {
    current.push_back(word);
    if (!ends(word, "\"')")) continue;
    found.push_back(current);
    current.clear();
  }
  return found;
}

// Places inside of lines.
std::vector<std::size_t> of_needles(std::string_view text) {
  std::vector<std::size_t> found;
  for (std::size_t i = 2; i < text.size(); ++i)
    if (text[i - 1] == ' ' && std::strchr(".!?", text[i - 2]) != nullptr && text[i] != ' ' && text[i] != '\n')
      found.push_back(i);
  return found;
}

}  // namespace before

// Text as normalize_whitespace leaves it.
std::string flat_text(Random& random, std::string_view alphabet) {
  std::string flat;
  for (const char c : random_text(random, alphabet, random.below(60)))
    if ((c != ' ' && c != '\n') || (!flat.empty() && flat.back() != ' ' && flat.back() != '\n')) flat += c;
  while (flat.ends_with(' ') || flat.ends_with('\n')) flat.pop_back();
  return flat;
}

TEST(Sentences, AsciiOfQuestionsIsAsItEverWas) {
  for (std::uint64_t item = 0; item < 20000; ++item) {
    Random random(1, "questions", item);
    const std::string text = flat_text(random, "aaAB1   ..!?\"')](,;:\n");
    EXPECT_EQ(whole_sentences(text, 2, 5), before::of_questions(text, 2, 5)) << text;
  }
}

TEST(Sentences, AsciiOfProbesIsAsItEverWas) {
  const SentenceRule rule{.closing = "\"')", .lower_case_continues = false};
  for (std::uint64_t item = 0; item < 20000; ++item) {
    Random random(2, "probes", item);
    const std::string text = random_text(random, "aAB1   \t..!?\"')](,;:", random.below(60));
    std::vector<Sentences> found;
    for (const std::string_view sentence : split_sentences(text, rule))
      if (ends_sentence(sentence, rule)) found.push_back(split_words(sentence));
    EXPECT_EQ(found, before::of_probes(text)) << text;
  }
}

TEST(Sentences, AsciiOfNeedlesIsAsItEverWas) {
  const SentenceRule rule{.closing = "", .lower_case_continues = false};
  for (std::uint64_t item = 0; item < 20000; ++item) {
    Random random(3, "needles", item);
    const std::string text = random_text(random, "aA1   ..!?\"')\n", random.below(60));
    std::vector<std::size_t> found;
    for (const std::size_t start : sentence_starts(text, rule))
      if (start >= 2 && text[start - 1] == ' ' && text[start - 2] != ' ' && text[start - 2] != '\n')
        found.push_back(start);
    EXPECT_EQ(found, before::of_needles(text)) << text;
  }
}

// Starts ascend, lie on characters that are not white space, and with the text between them give the text back.
TEST(Sentences, StartsAreInOrderAndInside) {
  const std::vector<std::string> alphabet = {"a", "A",  "3",  " ",  "\n", ".",  "!",  "\"",
                                             "'", ")",  "é",  "”",  "“",  "中", "。", "！",
                                             "…", "，", "（", "）", "ก",  "า",  "।",  "\xff"};
  for (std::uint64_t item = 0; item < 5000; ++item) {
    Random random(4, "starts", item);
    const std::string text = random_text(random, alphabet, random.below(40));
    std::size_t last = 0;
    for (const std::size_t start : sentence_starts(text)) {
      EXPECT_GT(start, last) << text;
      EXPECT_LT(start, text.size()) << text;
      EXPECT_FALSE(is_space(code_point_at(text, start).value)) << text;
      last = start;
    }
    std::string joined, expected;
    for (const std::string_view sentence : split_sentences(text)) joined += sentence;
    std::erase_if(joined, is_ascii_space);
    expected = text;
    std::erase_if(expected, is_ascii_space);
    EXPECT_EQ(joined, expected) << text;
  }
}

}  // namespace
}  // namespace film

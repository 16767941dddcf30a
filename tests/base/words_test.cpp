// Words: at blanks and punctuation in ASCII as it ever was, by dictionary where a script has no blanks.
#include "film/base/words.h"

#include <algorithm>
#include <thread>

#include "film/base/unicode.h"
#include "support.h"

namespace film {
namespace {

using testing::ElementsAre;
using testing_base::random_text;

using Words = std::vector<std::string_view>;

const std::vector<std::string> kMixed = {"a", "B",  "7",  " ",  ".",  "'",      "_",      "(",   "é",  "’",
                                         "“", "中", "国", "人", "，", "。",     "「",     "か",  "カ", "ー",
                                         "ภ", "า",  "ษ",  "ไ",  "न",  "\u093F", "\u00A0", "\xff"};

struct Case {
  std::string_view text;
  Words split, bare;
};

TEST(Words, OfManyScripts) {
  const std::vector<Case> cases = {
      {"It's  a (small) test_case, e.g.\tthis.",
       {"It's", "a", "(small)", "test_case,", "e.g.", "this."},
       {"It", "s", "a", "small", "test", "case", "e", "g", "this"}},
      {"“It’s” – naïve Ärger", {"“It’s”", "–", "naïve", "Ärger"}, {"It", "s", "naïve", "Ärger"}},
      {"我们用GPU训练模型。", {"我们", "用", "GPU", "训练", "模型。"}, {"我们", "用", "GPU", "训练", "模型"}},
      {"他说：“你好！”然后走了。",
       {"他", "说：", "“你好！”", "然后", "走了。"},
       {"他", "说", "你好", "然后", "走了"}},
      {"2024年3月，GPU，CPU（模型）",
       {"2024", "年", "3", "月，", "GPU，", "CPU", "（模型）"},
       {"2024", "年", "3", "月", "GPU", "CPU", "模型"}},
      {"東京へ行きたい。カメラを買う。",
       {"東京", "へ", "行き", "たい。", "カメラ", "を", "買う。"},
       {"東京", "へ", "行き", "たい", "カメラ", "を", "買う"}},
      {"ຂ້ອຍຮັກເຈົ້າ", {"ຂ້ອຍ", "ຮັກ", "ເຈົ້າ"}, {"ຂ້ອຍ", "ຮັກ", "ເຈົ້າ"}},
      {"ខ្ញុំទៅសាលា។", {"ខ្ញុំ", "ទៅ", "សាលា។"}, {"ខ្ញុំ", "ទៅ", "សាលា"}},
      {"ကျွန်တော်သွားတယ်။", {"ကျွန်တော်", "သွား", "တယ်။"}, {"ကျွန်တော်", "သွား", "တယ်"}},
      {"ภาษาไทยง่ายมาก ครับ", {"ภาษา", "ไทย", "ง่าย", "มาก", "ครับ"}, {"ภาษา", "ไทย", "ง่าย", "มาก", "ครับ"}},
      {"यह हिन्दी है।", {"यह", "हिन्दी", "है।"}, {"यह", "हिन्दी", "है"}},
      {"هل هذا صحيح؟ نعم.", {"هل", "هذا", "صحيح؟", "نعم."}, {"هل", "هذا", "صحيح", "نعم"}},
      {"한국어 문장", {"한국어", "문장"}, {"한국어", "문장"}},
      {"می\u200Cخواهم", {"می\u200Cخواهم"}, {"می\u200Cخواهم"}},
      {"", {}, {}},
      {" \n", {}, {}},
      {"。", {"。"}, {}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(split_words(c.text), c.split) << c.text;
    EXPECT_EQ(bare_words(c.text), c.bare) << c.text;
    EXPECT_EQ(count_words(c.text), c.split.size());
  }
}

// Views of the text, in order, with only white space between them; no word is empty or cut inside a character.
TEST(Words, SplitWordsLeaveOnlyWhiteSpaceOut) {
  for (std::uint64_t item = 0; item < 2000; ++item) {
    Random random(1, "words", item);
    const std::string text = random_text(random, kMixed, random.below(30));
    std::string joined, expected;
    for (const std::string_view word : split_words(text)) {
      EXPECT_FALSE(word.empty());
      joined += word;
    }
    for (std::size_t at = 0; at < text.size(); at += code_point_at(text, at).size)
      if (!is_space(code_point_at(text, at).value)) expected += text.substr(at, code_point_at(text, at).size);
    EXPECT_EQ(joined, expected) << text;
  }
}

TEST(Words, BareWordsHoldLettersAndDigitsAndLeaveNoneOut) {
  for (std::uint64_t item = 0; item < 2000; ++item) {
    Random random(2, "bare", item);
    const std::string text = random_text(random, kMixed, random.below(30));
    std::string joined, expected;
    for (const std::string_view word : bare_words(text)) joined += word;
    for (std::size_t at = 0; at < text.size(); at += code_point_at(text, at).size)
      if (is_word(code_point_at(text, at).value)) expected += text.substr(at, code_point_at(text, at).size);
    EXPECT_EQ(joined, expected) << text;
  }
}

// Of scripts with blanks, a word is never cut: both functions agree on texts without punctuation.
TEST(Words, WithoutPunctuationBothAgree) {
  const std::vector<std::string> alphabet = {"a", "Z", "0", " ", "é", "中", "国", "か", "ภ", "า", "न", "\n"};
  for (std::uint64_t item = 0; item < 2000; ++item) {
    Random random(3, "agree", item);
    const std::string text = random_text(random, alphabet, random.below(30));
    EXPECT_EQ(split_words(text), bare_words(text)) << text;
  }
}

TEST(Words, CountWholeWords) {
  struct Count {
    std::string_view text, needle, also;
    std::size_t expected;
  };
  const std::vector<Count> cases = {
      {"the cat, the catalogue", "cat", "", 1},
      {"cat cat cat", "cat cat", "", 2},
      {"a_cat cat_a cat", "cat", "", 3},
      {"a_cat cat_a cat", "cat", "_", 1},
      {"x-ray", "-ray", "", 1},
      {"2024 20245", "2024", "", 1},
      {"", "a", "", 0},
      {"a", "", "", 0},
      {"naïve naïves", "naïve", "", 1},
      {"caf\u0065\u0301 cafe", "cafe", "", 1},
      {"‘cat’ “cat”—cat…", "cat", "", 3},
      {"長江大橋在長江", "長江", "", 2},
      {"使用GPU训练GPUs", "GPU", "", 1},
      {"第2024年", "2024", "", 1},
      {"ก่อน", "ก", "", 0},
      {"हिन्दी", "हिन्द", "", 0},
      {"мама мамам", "мама", "", 1},
      {"한국어를 한국어", "한국어", "", 1},
  };
  for (const Count& c : cases) {
    EXPECT_EQ(count_word(c.text, c.needle, c.also), c.expected) << c.text << " / " << c.needle;
    EXPECT_EQ(contains_word(c.text, c.needle, c.also), c.expected > 0) << c.text << " / " << c.needle;
    std::size_t places = 0;
    for (std::size_t at = 0; at < c.text.size(); ++at) places += is_word_at(c.text, at, c.needle, c.also);
    EXPECT_EQ(places, c.expected) << c.text << " / " << c.needle;
  }
}

// What questions and scores did before there was Unicode.
namespace before {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

Words bare(std::string_view text) {
  Words words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end > at) words.push_back(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return words;
}

Words split(std::string_view text) {
  constexpr const char* kSpace = " \t\n\v\f\r";
  Words words;
  for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
  return words;
}

std::size_t count(std::string_view text, std::string_view needle) {
  if (needle.empty()) return 0;
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(needle, at)) != std::string_view::npos; ++at) {
    const std::size_t after = at + needle.size();
    const bool open_left = at > 0 && is_word(text[at - 1]) && is_word(needle.front());
    const bool open_right = after < text.size() && is_word(text[after]) && is_word(needle.back());
    if (!open_left && !open_right) ++count;
  }
  return count;
}

}  // namespace before

TEST(Words, AsciiIsAsItEverWas) {
  for (std::uint64_t item = 0; item < 3000; ++item) {
    Random random(4, "ascii", item);
    const std::string text = random_text(random, "aaB7_ .'-(\t\n", random.below(40));
    EXPECT_EQ(split_words(text), before::split(text));
    EXPECT_EQ(bare_words(text), before::bare(text));
    const std::string needle = random_text(random, "aB7_ .", 1 + random.below(3));
    EXPECT_EQ(count_word(text, needle), before::count(text, needle)) << text << " / " << needle;
  }
}

// One dictionary per thread, and the same words in each.
TEST(Words, ThreadsAgree) {
  const std::string text = "我们用GPU训练模型。東京タワーへ行きました。ภาษาไทยง่ายมาก";
  const Words expected = split_words(text);
  std::vector<Words> found(8);
  {
    std::vector<std::jthread> threads;
    for (Words& words : found)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) words = split_words(text);
      });
  }
  for (const Words& words : found) EXPECT_EQ(words, expected);
}

}  // namespace
}  // namespace film

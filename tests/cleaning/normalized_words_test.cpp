// What counts as a word when texts are compared.
#include "cleaning/normalized_words.h"

#include <gtest/gtest.h>

#include "film/base/random.h"

namespace film::cleaning {
namespace {

std::string joined(std::string_view text) {
  const NormalizedWords words(text);
  return words.size() == 0 ? "" : std::string(words.window(0, words.size()));
}

TEST(NormalizedWords, CasePunctuationAndWidthDoNotCount) {
  const std::vector<std::pair<const char*, const char*>> table = {
      {"", ""},
      {" .,;\n", ""},
      {"The well-known  FACT, (2nd).", "the well known fact 2nd"},
      {"it's", "it s"},
      {"ＦＵＬＬ　ｗｉｄｔｈ １２", "full width 12"},
      {"Straße ﬁne", "strasse fine"},
      {"na\u00efve nai\u0308ve", "na\u00efve na\u00efve"},
      {"Ελλάδα ΟΔΟΣ", "ελλάδα οδοσ"},
      {"我爱北京。Hello世界", "我 爱 北 京 hello 世 界"},
      {"ทดสอบ ไทย", "ทดสอบ ไทย"},
      {"a\xFF"
       "b",
       "a b"},  // not UTF-8: parts words
  };
  for (const auto& [text, words] : table) EXPECT_EQ(joined(text), words) << text;
}

TEST(NormalizedWords, AsciiAndOtherTextGoByTheSameRule) {
  Random random(3, "words");
  for (int i = 0; i < 200; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(60); n > 0; --n) text += static_cast<char>(random.below(128));
    const std::string ascii = joined(text), other = joined(text + " \u00e9");
    EXPECT_EQ(ascii.empty() ? "\u00e9" : ascii + " \u00e9", other) << text;
  }
}

TEST(NormalizedWords, TellsTextsOfHanCharacters) {
  EXPECT_TRUE(NormalizedWords("北京的天气 today").mostly_han());
  EXPECT_FALSE(NormalizedWords("the word 天 means sky").mostly_han());
  EXPECT_FALSE(NormalizedWords("").mostly_han());
}

TEST(WindowHashes, EqualWindowsHaveEqualHashesWhereverTheyStand) {
  Random random(4, "windows");
  std::string text;
  for (int i = 0; i < 400; ++i) text += std::string(1, static_cast<char>('a' + random.below(3))) + " ";
  const NormalizedWords words(text);
  const std::vector<std::uint64_t> hashes = word_hashes(words);
  for (const std::size_t length : {1u, 2u, 5u, 10u, 400u}) {
    const WindowHashes windows(hashes, length);
    ASSERT_EQ(windows.size(), 401 - length);
    for (std::size_t i = 0; i < windows.size(); i += 7)
      for (std::size_t j = 0; j < windows.size(); ++j)
        ASSERT_EQ(windows[i] == windows[j], words.window(i, length) == words.window(j, length)) << length;
  }
  EXPECT_EQ(WindowHashes(hashes, 401).size(), 0u);
}

}  // namespace
}  // namespace film::cleaning

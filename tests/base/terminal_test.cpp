// Text from outside on a terminal and in a table, and lines that fit.
#include "film/base/terminal.h"

#include "film/base/csv.h"
#include "support.h"

namespace film {
namespace {

TEST(Printable, ControlCharactersAreShown) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"plain\ttext\nof two lines", "plain\ttext\nof two lines"},
      {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
      {"over\rwritten\b", "over\\x0dwritten\\x08"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"\x07\x7f", "\\x07\\x7f"},
      {"\u009b31m", "\\u009b31m"},
      {"file\u202Etxt.exe", "file\\u202etxt.exe"},
      {"\u2066a\u2069\u200F", "\\u2066a\\u2069\\u200f"},
      {"\xff\xc3", "\uFFFD\uFFFD"},
      {"秘密 é 👩‍👩‍👧", "秘密 é 👩‍👩‍👧"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(printable(text), expected);
}

TEST(Printable, RandomBytesNeverHoldAnEscape) {
  for (std::size_t i = 0; i < 5000; ++i) {
    Random random(1, "printable", i);
    std::string text(random.below(60), '\0');
    for (char& c : text) c = static_cast<char>(random.below(256));
    const std::string shown = printable(text);
    for (const char c : shown) EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t');
    EXPECT_EQ(printable(shown), shown);
  }
}

TEST(Columns, WideAndCombiningCharacters) {
  EXPECT_EQ(columns_of("abc"), 3);
  EXPECT_EQ(columns_of("语料库"), 6);
  EXPECT_EQ(columns_of("e\u0301"), 1);
  EXPECT_EQ(columns_of("50 % · 3/6"), 10);
  EXPECT_EQ(fitted("语料库", 6), "语料库");
  EXPECT_EQ(fitted("语料库", 5), "语料…");
  EXPECT_EQ(fitted("语料库", 4), "语…");
  EXPECT_EQ(fitted("abcdef", 4), "abc…");
  EXPECT_EQ(fitted("abcdef", 0), "");
}

TEST(Wrapped, LinesBreakAtBlanks) {
  EXPECT_EQ(wrapped("", 10, 2, 0), "");
  EXPECT_EQ(wrapped("one two three", 13, 2, 0), "one two three");
  EXPECT_EQ(wrapped("one two three", 12, 2, 0), "one two\n  three");
  EXPECT_EQ(wrapped("one two three", 12, 2, 6), "one\n  two three");
  EXPECT_EQ(wrapped("a /long/path/to/it b", 8, 2, 0), "a\n  /long/path/to/it\n  b");
  EXPECT_EQ(wrapped("两个 汉字", 8, 1, 0), "两个\n 汉字");
  EXPECT_EQ(wrapped("two  blanks", 20, 1, 0), "two  blanks");
}

TEST(CsvCell, WhatASpreadsheetWouldComputeIsText) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"=1+2", "'=1+2"},
      {"+A1", "'+A1"},
      {"-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"},
      {"@SUM(A1,B1)", "\"'@SUM(A1,B1)\""},
      {"-3.5", "-3.5"},
      {"+7", "+7"},
      {"a=b", "a=b"},
      {"\x1b[2J", "\\x1b[2J"},
      {"say \"x\"", "\"say \"\"x\"\"\""}};
  for (const auto& [text, expected] : table) EXPECT_EQ(csv_cell(text), expected);
}

}  // namespace
}  // namespace film

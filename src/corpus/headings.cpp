#include "headings.h"

#include <algorithm>
#include <array>
#include <string>

#include "film/base/strings.h"

namespace film::corpus {
namespace {

constexpr std::size_t kLongestTitle = 100;  // bytes

constexpr std::array<std::string_view, 24> kDivisions = {
    "chapter",  "part",   "book",     "act",      "scene",    "section", "article", "appendix",
    "canto",    "letter", "prologue", "epilogue", "preface",  "kapitel", "teil",    "abschnitt",
    "chapitre", "partie", "capítulo", "parte",    "capitolo", "глава",   "часть",   "раздел"};

bool is_blank_line(const std::vector<std::string_view>& lines, std::size_t i) {
  return i >= lines.size() || trim(lines[i]).empty();
}

// Between blank lines, or at an end of the text.
bool stands_alone(const std::vector<std::string_view>& lines, std::size_t i) {
  return (i == 0 || is_blank_line(lines, i - 1)) && is_blank_line(lines, i + 1);
}

bool is_markdown_heading(std::string_view line) {
  const std::size_t marks = std::min(line.find_first_not_of('#'), line.size());
  return marks >= 1 && marks <= 6 && line.substr(marks).starts_with(' ') && !trim(line.substr(marks)).empty();
}

// A line of = or - as long as the title above it.
bool is_underline(std::string_view line, std::string_view title) {
  if (line.size() < 3 || line.find_first_not_of(line[0]) != line.npos) return false;
  return (line[0] == '=' || line[0] == '-' || line[0] == '~') && 2 * line.size() >= title.size();
}

bool is_roman(std::string_view word) {
  return !word.empty() && word.size() <= 8 && to_lower_ascii(word).find_first_not_of("ivxlc") == word.npos;
}

// What may follow "chapter": a number, or nothing. Other words make a sentence of it.
bool counts(std::string_view word) {
  constexpr std::array<std::string_view, 20> kNumbers = {
      "the", "one",    "two",    "three", "four",   "five",  "six",    "seven", "eight", "nine",
      "ten", "eleven", "twelve", "first", "second", "third", "fourth", "fifth", "sixth", "last"};
  word = trim(word, ".:,");
  return word.empty() || is_ascii_digit(word[0]) || is_roman(word) ||
         std::ranges::find(kNumbers, word) != kNumbers.end();
}

// "Chapter 3", "PART THE SECOND", "Prologue": a word for a part of a book, and which one.
bool names_division(std::string_view line) {
  const std::string lower = to_lower(line);
  const std::vector<std::string_view> words = split(lower, " ");
  if (std::ranges::find(kDivisions, trim(words[0], ".:")) == kDivisions.end()) return false;
  return words.size() == 1 || counts(words[1]);
}

// "3.", "3.2 Title", "3.2.1. Title".
bool is_numbered(std::string_view line) {
  const std::size_t number = std::min(line.find_first_not_of("0123456789."), line.size());
  if (number == 0 || !is_ascii_digit(line[0])) return false;
  const std::string_view title = trim(line.substr(number));
  if (title.empty()) return number <= 4;
  return line[number] == ' ' && std::string_view(".,;:").find(title.back()) == std::string_view::npos;
}

// 第三章, 第12节: a number between the two characters.
bool is_chinese_division(std::string_view line) {
  constexpr std::string_view kFirst = "第";
  constexpr std::u32string_view kNumbers = U"0123456789０１２３４５６７８９〇零一二三四五六七八九十百千两";
  constexpr std::u32string_view kUnits = U"章回节節篇卷部话話幕集课課";
  if (!line.starts_with(kFirst)) return false;
  std::size_t at = kFirst.size(), digits = 0;
  CodePoint c = code_point_at(line, at);
  for (; kNumbers.find(c.value) != kNumbers.npos; c = code_point_at(line, at += c.size)) ++digits;
  return digits > 0 && c.size > 0 && kUnits.find(c.value) != kUnits.npos;
}

}  // namespace

bool is_heading(const std::vector<std::string_view>& lines, std::size_t i) {
  const std::string_view line = trim(lines[i]);
  if (line.empty() || line.size() > kLongestTitle) return false;
  if (is_markdown_heading(line) || is_chinese_division(line)) return true;
  const bool first = i == 0 || is_blank_line(lines, i - 1);
  if (!first) return false;
  if (i + 1 < lines.size() && is_underline(trim(lines[i + 1]), line)) return true;
  return names_division(line) || (stands_alone(lines, i) && (is_roman(trim(line, ".")) || is_numbered(line)));
}

}  // namespace film::corpus

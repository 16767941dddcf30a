#include "published.h"

#include <algorithm>

#include "arithmetic.h"
#include "film/base/as_number.h"
#include "film/base/strings.h"
#include "film/base/words.h"
#include "film/scores/metrics.h"
#include "rouge.h"

namespace film::scores {
namespace {

std::string_view before(std::string_view text, std::string_view mark) {
  return text.substr(0, text.find(mark));
}

std::string_view behind_last(std::string_view text, std::string_view mark) {
  const std::size_t at = text.rfind(mark);
  return at == std::string_view::npos ? text : text.substr(at + mark.size());
}

std::string without(std::string_view text, std::initializer_list<std::string_view> parts) {
  std::string kept(text);
  for (const std::string_view part : parts)
    for (std::size_t at = kept.find(part); at != std::string::npos; at = kept.find(part, at))
      kept.erase(at, part.size());
  return kept;
}

std::string_view without_end(std::string_view text, std::string_view bytes) {
  return text.substr(0, text.find_last_not_of(bytes) + 1);
}

std::string_view without_one(std::string_view text, char last) {
  return text.ends_with(last) ? text.substr(0, text.size() - 1) : text;
}

// As Python's float() and eval() read it, white space at the ends passed over.
std::optional<double> evaluated(std::string_view word) {
  const std::string_view text = trim(word);
  if (text.find_first_of("+-*/") != std::string_view::npos) return value_of(text);
  return as_number<double>(text);
}

// What is left of a word such as "$1,200.", "x=5" or "<<3*4=12>>12" when all that is no number is gone.
std::optional<double> number_of_word(std::string_view word) {
  std::string kept = without(without_end(word, "."), {"£", "€", ","});
  kept = std::string(behind_last(behind_last(kept, "="), ">>"));
  std::erase_if(kept, [](char c) { return c >= 'a' && c <= 'z'; });
  kept = without(before(kept, ":"), {"$", "\""});
  kept = std::string(without_one(without_one(kept, '%'), '/'));
  return evaluated(without(kept, {" "}));
}

double reference_number(const std::string& answer) {
  const std::string digits = without(behind_last(answer, "#### "), {",", " ", "\n"});
  return evaluated(digits).value_or(0);
}

}  // namespace

std::optional<double> number_in(std::string_view output) {
  constexpr std::string_view kMark = "the answer is ";
  std::string_view kept = before(before(output, "\n\nQ: "), "\n\nQuestion: ");
  std::string text(kept);
  constexpr std::string_view kColon = "The answer is: ";
  for (std::size_t at = text.find(kColon); at != std::string::npos; at = text.find(kColon, at))
    text.erase(at + kColon.size() - 2, 1);
  kept = without_end(text, ".\n");
  if (kept.find("The answer is ") == std::string_view::npos) return {};
  const std::string lower = to_lower(kept);
  return number_of_word(before(behind_last(lower, kMark), " "));
}

double first_paragraph_f1(const std::string& output, const std::vector<std::string>& answers) {
  return blank_f1(std::string(before(output, "\n\n")), answers);
}

double first_letter(const std::string& output, const std::vector<std::string>& answers) {
  const std::size_t at = output.find_first_of("ABCDEF");
  const std::string letter(1, at == std::string::npos ? 'A' : output[at]);
  return std::find(answers.begin(), answers.end(), letter) != answers.end();
}

// An output without a number counts as 0, as there.
double final_number(const std::string& output, const std::vector<std::string>& answers) {
  const double given = number_in(output).value_or(0);
  return std::any_of(answers.begin(), answers.end(),
                     [&](const std::string& answer) { return reference_number(answer) == given; });
}

double all_of(const std::string& output, const std::vector<std::string>& answers) {
  if (answers.empty()) return 0;
  const std::string given = to_lower(output);
  const auto found = std::count_if(answers.begin(), answers.end(), [&](const std::string& answer) {
    return given.find(to_lower(answer)) != std::string::npos;
  });
  return static_cast<double>(found) / static_cast<double>(answers.size());
}

namespace {

std::string with_blanks(std::string_view text) {
  std::string words;
  for (const std::string_view word : split_words(text))
    words += (words.empty() ? "" : " ") + std::string(word);
  return words;
}

// The letter A to D behind the first mark that has one.
std::optional<char> letter_behind(std::string_view text, std::string_view mark, std::string_view after) {
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    const std::string_view rest = text.substr(at + mark.size());
    if (!rest.empty() && rest[0] >= 'A' && rest[0] <= 'D' && rest.substr(1).starts_with(after))
      return rest[0];
  }
  return {};
}

}  // namespace

double best_rouge_l_of_words(const std::string& output, const std::vector<std::string>& answers) {
  std::vector<std::string> words;
  for (const std::string& answer : answers) words.push_back(with_blanks(answer));
  return best_rouge_l(with_blanks(output), words);
}

double stated_choice(const std::string& output, const std::vector<std::string>& answers) {
  const std::string text = without(output, {"*"});
  auto letter = letter_behind(text, "The correct answer is (", ")");
  if (!letter) letter = letter_behind(text, "The correct answer is ", "");
  return letter && std::ranges::find(answers, std::string(1, *letter)) != answers.end();
}

double best_rouge_l(const std::string& output, const std::vector<std::string>& answers) {
  double best = 0;
  for (const std::string& answer : answers) best = std::max(best, rouge_l_f(output, answer));
  return best;
}

}  // namespace film::scores

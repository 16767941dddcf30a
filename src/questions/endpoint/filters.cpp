#include "filters.h"

#include <algorithm>
#include <array>
#include <set>

#include "film/base/words.h"

namespace film::questions {
namespace {

constexpr std::size_t kLongWord = 4;  // bytes from which on a word says something about its source

bool says_something(std::string_view word) {
  return word.size() >= kLongWord || std::ranges::any_of(word, is_ascii_digit);
}

// Fraction of the answer's long words and numbers that occur in the evidence; 1 when it has none.
double overlap(const PlainText& answer, const std::vector<PlainText>& evidence) {
  std::set<std::string_view> known;
  for (const PlainText& text : evidence)
    for (const std::string_view word : bare_words(text.lower)) known.insert(word);
  double asked = 0, found = 0;
  for (const std::string_view word : bare_words(answer.lower)) {
    if (!says_something(word)) continue;
    asked += 1;
    found += known.contains(word) ? 1 : 0;
  }
  return asked > 0 ? found / asked : 1;
}

bool contains_any(const PlainText& text, const std::vector<PlainText>& phrases) {
  return std::ranges::any_of(phrases, [&](const PlainText& phrase) { return text.contains(phrase); });
}

bool says_unknown(const PlainText& answer) {
  constexpr std::array<std::string_view, 11> kPhrases = {
      "i don't know", "i do not know",        "not mentioned",  "not specified", "not provided",
      "not stated",   "cannot be determined", "no information", "does not say",  "not enough information",
      "n/a"};
  return std::ranges::any_of(kPhrases,
                             [&](std::string_view phrase) { return contains_word(answer.lower, phrase); });
}

std::optional<RejectReason> wrong_length(const PlainText& question, const PlainText& answer,
                                         const QuestionFilters& filters) {
  const std::size_t words = count_words(question.flat);
  if (words < filters.min_question_words) return RejectReason::question_too_short;
  if (words > filters.max_question_words) return RejectReason::question_too_long;
  if (count_words(answer.flat) > filters.max_answer_words) return RejectReason::answer_too_long;
  return std::nullopt;
}

// Of an integration question: it must rest on several of the pieces that were shown.
std::optional<RejectReason> wrong_pieces(const ParsedAnswer& parsed, const Ask& ask) {
  if (!parsed.names_pieces) return RejectReason::no_pieces;
  for (const std::uint32_t piece : parsed.pieces)
    if (piece == 0 || piece > ask.positions.size()) return RejectReason::wrong_piece;
  if (parsed.pieces.size() < 2) return RejectReason::too_few_pieces;
  return std::nullopt;
}

std::vector<PlainText> texts_used(const ParsedAnswer& parsed, const Ask& ask) {
  std::vector<PlainText> texts;
  if (ask.kind == ContextKind::integration)
    for (const std::uint32_t piece : parsed.pieces) texts.emplace_back(ask.texts.at(piece - 1));
  else
    for (const std::string& text : ask.texts) texts.emplace_back(text);
  return texts;
}

std::optional<RejectReason> wrong_words(const PlainText& answer, const std::vector<PlainText>& evidence,
                                        const QuestionFilters& filters) {
  if (filters.max_copied_words > 0)
    for (const PlainText& text : evidence)
      if (longest_shared_run(answer, text) > filters.max_copied_words) return RejectReason::copied;
  if (overlap(answer, evidence) < filters.min_answer_overlap) return RejectReason::not_grounded;
  return std::nullopt;
}

}  // namespace

std::size_t longest_shared_run(const PlainText& text, const PlainText& other) {
  const std::vector<std::string_view> a = bare_words(text.lower), b = bare_words(other.lower);
  std::vector<std::size_t> row(b.size() + 1, 0), above;
  std::size_t longest = 0;
  for (const std::string_view word : a) {
    above = row;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = word == b[j] ? above[j] + 1 : 0;
      longest = std::max(longest, row[j + 1]);
    }
  }
  return longest;
}

std::optional<RejectReason> reject_reason(const ParsedAnswer& parsed, const Ask& ask,
                                          const QuestionFilters& filters,
                                          const std::vector<PlainText>& banned) {
  if (parsed.reject_reason) return parsed.reject_reason;
  if (parsed.question.empty()) return RejectReason::no_question;
  if (parsed.answer.empty()) return RejectReason::no_answer;
  const PlainText question(parsed.question), answer(parsed.answer);
  if (const auto reason = wrong_length(question, answer, filters)) return reason;
  if (ask.kind == ContextKind::integration)
    if (const auto reason = wrong_pieces(parsed, ask)) return reason;
  if (contains_any(question, banned) || contains_any(answer, banned)) return RejectReason::names_its_source;
  if (says_unknown(answer)) return RejectReason::answer_unknown;
  if (question.contains(answer)) return RejectReason::answer_in_question;
  return wrong_words(answer, texts_used(parsed, ask), filters);
}

}  // namespace film::questions

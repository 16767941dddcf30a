#include "endpoint_filters.h"

#include <algorithm>
#include <set>

#include "film/questions/sentences.h"

namespace film::questions {
namespace {

constexpr std::size_t kLongWord = 4;  // letters from which a word says something about its source

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Words in small letters without punctuation at their ends.
std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  const std::string small = to_small(text);
  for (std::size_t at = 0; at < small.size();) {
    std::size_t end = at;
    while (end < small.size() && is_word_byte(small[end])) ++end;
    if (end > at) words.push_back(small.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return words;
}

bool has_digit(const std::string& word) {
  return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

// Share of the answer's long words and numbers that stand in the evidence; 1 when it has none.
double overlap(const std::string& answer, const std::vector<std::string>& evidence) {
  std::set<std::string> known;
  for (const std::string& text : evidence)
    for (std::string& word : plain_words(text)) known.insert(std::move(word));
  double asked = 0, found = 0;
  for (const std::string& word : plain_words(answer)) {
    if (word.size() < kLongWord && !has_digit(word)) continue;
    ++asked;
    found += known.contains(word) ? 1 : 0;
  }
  return asked > 0 ? found / asked : 1;
}

bool holds_banned(const std::string& text, const std::vector<std::string>& banned) {
  const std::string small = to_small(flatten(text));
  return std::ranges::any_of(banned,
                             [&](const std::string& phrase) { return count_occurrences(small, phrase) > 0; });
}

bool says_unknown(const std::string& answer) {
  const std::string small = to_small(flatten(answer));
  for (const char* words :
       {"i don't know", "i do not know", "not mentioned", "not specified", "not provided", "not stated",
        "cannot be determined", "no information", "does not say", "not enough information", "n/a"})
    if (count_occurrences(small, words) > 0) return true;
  return false;
}

const char* pieces_problem(const ParsedAnswer& parsed, const Ask& ask) {
  if (!parsed.names_pieces) return "no_pieces";
  for (const std::uint32_t piece : parsed.pieces)
    if (piece == 0 || piece > ask.positions.size()) return "wrong_piece";
  return parsed.pieces.size() < 2 ? "too_few_pieces" : nullptr;
}

std::vector<std::string> texts_used(const ParsedAnswer& parsed, const Ask& ask) {
  if (ask.kind != ContextKind::integration) return ask.texts;
  std::vector<std::string> texts;
  for (const std::uint32_t piece : parsed.pieces) texts.push_back(ask.texts.at(piece - 1));
  return texts;
}

}  // namespace

std::size_t longest_shared_run(std::string_view text, std::string_view other) {
  const std::vector<std::string> a = plain_words(text), b = plain_words(other);
  std::vector<std::size_t> row(b.size() + 1, 0), above;
  std::size_t longest = 0;
  for (const std::string& word : a) {
    above = row;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = word == b[j] ? above[j] + 1 : 0;
      longest = std::max(longest, row[j + 1]);
    }
  }
  return longest;
}

const char* problem_of(const ParsedAnswer& parsed, const Ask& ask, const QuestionFilters& filters,
                       const std::vector<std::string>& banned) {
  if (parsed.problem != nullptr) return parsed.problem;
  if (parsed.question.empty()) return "no_question";
  if (parsed.answer.empty()) return "no_answer";
  const std::size_t question_words = split_words(flatten(parsed.question)).size();
  if (question_words < filters.min_question_words) return "question_too_short";
  if (question_words > filters.max_question_words) return "question_too_long";
  if (split_words(flatten(parsed.answer)).size() > filters.max_answer_words) return "answer_too_long";
  if (ask.kind == ContextKind::integration)
    if (const char* problem = pieces_problem(parsed, ask)) return problem;
  if (holds_banned(parsed.question, banned) || holds_banned(parsed.answer, banned)) return "names_its_source";
  if (says_unknown(parsed.answer)) return "answer_unknown";
  if (count_occurrences(to_small(flatten(parsed.question)), to_small(flatten(parsed.answer))) > 0)
    return "answer_in_question";
  const std::vector<std::string> evidence = texts_used(parsed, ask);
  if (filters.max_copied_words > 0)
    for (const std::string& text : evidence)
      if (longest_shared_run(parsed.answer, text) > filters.max_copied_words) return "copied";
  return overlap(parsed.answer, evidence) < filters.min_answer_overlap ? "not_grounded" : nullptr;
}

}  // namespace film::questions

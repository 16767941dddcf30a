#include "filters.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>

#include "film/base/words.h"

namespace film::questions {
namespace {

constexpr std::size_t kLongWord = 4;  // bytes from which on a word says something about its source

bool says_something(std::string_view word) {
  return word.size() >= kLongWord || std::ranges::any_of(word, is_ascii_digit);
}

// The words of a text, and what others share with them. Words are compared as numbers.
class SharedWords {
 public:
  explicit SharedWords(const PlainText& text) : words_(bare_words(text.lower)) {
    for (const std::string_view word : words_) {
      numbers_.push_back(number_of_.try_emplace(word, number_of_.size() + 1).first->second);
      kinds_.set(kind(word));
    }
    seen_.resize(number_of_.size() + 1);
  }

  // Notes which words `other` holds; returns the longest run of consecutive words that both share.
  std::size_t look_at(const PlainText& other) {
    const std::vector<std::string_view> words = bare_words(other.lower);
    std::vector<std::size_t> others;
    others.reserve(words.size());
    for (const std::string_view word : words) {
      others.push_back(number_of(word));
      seen_[others.back()] = true;
    }
    return longest_run(others);
  }

  // Fraction of the long words and numbers that the texts looked at hold; 1 when it has none.
  double overlap() const {
    double asked = 0, found = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (!says_something(words_[i])) continue;
      asked += 1;
      found += seen_[numbers_[i]] ? 1 : 0;
    }
    return asked > 0 ? found / asked : 1;
  }

 private:
  // Of a word that is not empty: most that are not in the text are of a kind that it does not have.
  static std::size_t kind(std::string_view word) {
    const auto first = static_cast<unsigned char>(word.front()),
               last = static_cast<unsigned char>(word.back());
    return (word.size() * 31 + first * 7U + last) % kKinds;
  }

  std::size_t number_of(std::string_view word) const {
    if (!kinds_.test(kind(word))) return 0;
    const auto found = number_of_.find(word);
    return found == number_of_.end() ? 0 : found->second;
  }

  std::size_t longest_run(const std::vector<std::size_t>& others) const {
    std::vector<std::size_t> above(numbers_.size() + 1), row(numbers_.size() + 1);
    std::size_t longest = 0;
    for (std::size_t j = 0; j < others.size(); ++j) {
      if (others[j] == 0) continue;  // no run goes through it
      const bool goes_on = j > 0 && others[j - 1] != 0;
      for (std::size_t i = 0; i < numbers_.size(); ++i) {
        row[i + 1] = numbers_[i] == others[j] ? 1 + (goes_on ? above[i] : 0) : 0;
        longest = std::max(longest, row[i + 1]);
      }
      std::swap(above, row);
    }
    return longest;
  }

  std::vector<std::string_view> words_;
  std::vector<std::size_t> numbers_;  // of words_, from 1
  std::unordered_map<std::string_view, std::size_t> number_of_;
  static constexpr std::size_t kKinds = 1024;
  std::bitset<kKinds> kinds_;
  std::vector<bool> seen_;  // by number; 0: any other word
};

// A short text in which many phrases are looked for: one with a pair of neighbouring bytes that the text has not is not in
// it, whatever follows.
class Searched {
 public:
  explicit Searched(const PlainText& text) : text_(text.lower) {
    for (std::size_t i = 1; i < text_.size(); ++i) pairs_.set(number(text_[i - 1], text_[i]));
  }
  bool contains(std::string_view phrase) const { return may_contain(phrase) && contains_word(text_, phrase); }

 private:
  static std::size_t number(char a, char b) {
    return (static_cast<unsigned char>(a) * 31U + static_cast<unsigned char>(b)) % kNumbers;
  }
  bool may_contain(std::string_view phrase) const {
    for (std::size_t i = 1; i < phrase.size(); ++i)
      if (!pairs_.test(number(phrase[i - 1], phrase[i]))) return false;
    return true;
  }

  static constexpr std::size_t kNumbers = 4096;
  std::string_view text_;
  std::bitset<kNumbers> pairs_;
};

bool contains_any(const Searched& text, const std::vector<PlainText>& phrases) {
  return std::ranges::any_of(phrases, [&](const PlainText& phrase) { return text.contains(phrase.lower); });
}

bool says_unknown(const Searched& answer) {
  constexpr std::array<std::string_view, 11> kPhrases = {
      "i don't know", "i do not know",        "not mentioned",  "not specified", "not provided",
      "not stated",   "cannot be determined", "no information", "does not say",  "not enough information",
      "n/a"};
  return std::ranges::any_of(kPhrases, [&](std::string_view phrase) { return answer.contains(phrase); });
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
  SharedWords words(answer);
  for (const PlainText& text : evidence) {
    const std::size_t copied = words.look_at(text);
    if (filters.max_copied_words > 0 && copied > filters.max_copied_words) return RejectReason::copied;
  }
  if (words.overlap() < filters.min_answer_overlap) return RejectReason::not_grounded;
  return std::nullopt;
}

}  // namespace

std::size_t longest_shared_run(const PlainText& text, const PlainText& other) {
  return SharedWords(text).look_at(other);
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
  const Searched asked(question), answered(answer);
  if (contains_any(asked, banned) || contains_any(answered, banned)) return RejectReason::names_its_source;
  if (says_unknown(answered)) return RejectReason::answer_unknown;
  if (question.contains(answer)) return RejectReason::answer_in_question;
  return wrong_words(answer, texts_used(parsed, ask), filters);
}

}  // namespace film::questions

#include "contradictions.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "film/base/random.h"
#include "film/base/strings.h"
#include "film/base/unicode.h"
#include "film/base/words.h"

namespace film::tasks {
namespace {

// Words that begin a question or are in front of a name in it, and are no part of the name.
constexpr auto kNoNames = std::to_array<std::string_view>(
    {"what",  "which",  "who",    "whom",      "whose", "where", "when", "why",   "how",
     "in",    "on",     "at",     "of",        "by",    "for",   "from", "to",    "with",
     "after", "before", "during", "according", "under", "is",    "are",  "was",   "were",
     "did",   "do",     "does",   "has",       "have",  "had",   "can",  "could", "name",
     "give",  "tell",   "the",    "a",         "an",    "and",   "or",   "if",    "i"});

char32_t first_of(std::string_view text) { return text.empty() ? 0 : code_point_at(text, 0).value; }

bool is_name_word(std::string_view word) {
  if (std::ranges::find(kNoNames, std::string_view(to_lower(word))) != kNoNames.end()) return false;
  const char32_t first = first_of(word);
  return is_digit(first) || to_lower(first) != first || std::ranges::any_of(word, is_ascii_digit);
}

// Whether a word of `part` is in `text`; both in lower case.
bool shares_a_word(std::string_view text, std::string_view part) {
  return std::ranges::any_of(bare_words(part),
                             [&](std::string_view word) { return contains_word(text, word); });
}

struct Replacement {
  std::string from, to;
};

// Whole words, from left to right, the first of the list that fits.
std::string with_replacements(std::string_view text, const std::vector<Replacement>& list) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto found =
        std::ranges::find_if(list, [&](const Replacement& r) { return is_word_at(text, at, r.from); });
    result += found == list.end() ? std::string(1, text[at]) : found->to;
    at += found == list.end() ? 1 : found->from.size();
  }
  return result;
}

}  // namespace

std::string subject_of(const PlacedQuestion& question) {
  const auto words = bare_words(question.question);
  std::string_view best;
  for (std::size_t first = 0; first < words.size(); ++first) {
    if (!is_name_word(words[first])) continue;
    const char* const begin = words[first].data();
    for (std::size_t last = first; last < words.size() && is_name_word(words[last]); ++last) {
      const char* const end = words[last].data() + words[last].size();
      if (last > first && words[last].data() != words[last - 1].data() + words[last - 1].size() + 1) break;
      const std::string_view name(begin, static_cast<std::size_t>(end - begin));
      const bool fits = contains_word(question.evidence, name) &&
                        std::ranges::none_of(question.answers, [&](const std::string& answer) {
                          return shares_a_word(to_lower(answer), to_lower(name));
                        });
      if (fits && name.size() > best.size()) best = name;
    }
  }
  return std::string(best);
}

Contradictions::Text::Text(std::string of) : text(std::move(of)), lower(to_lower(text)) {
  const char32_t first = first_of(text);
  kind = is_digit(first) ? Kind::number : to_lower(first) != first ? Kind::name : Kind::word;
  words = count_words(text);
}

Contradictions::Known Contradictions::known(const PlacedQuestion& question) {
  Known known{Text(question.question), Text(subject_of(question)), "", {}};
  if (const auto words = bare_words(known.question.lower); !words.empty()) known.first_word = words.front();
  for (const std::string& answer : question.answers) known.answers.emplace_back(answer);
  return known;
}

Contradictions::Contradictions(const std::vector<PlacedQuestion>& questions, std::uint64_t seed)
    : questions_(questions), seed_(seed) {
  for (const PlacedQuestion& question : questions) known_.push_back(known(question));
}

// Whether a piece for this question may have another's answer: it is none of its own, and not in the question.
bool Contradictions::may_take(std::size_t number, const Text& answer) const {
  const Known& asked = known_[number];
  return !contains_word(asked.question.lower, answer.lower) &&
         std::ranges::none_of(asked.answers, [&](const Text& accepted) {
           return contains_word(answer.lower, accepted.lower) || contains_word(accepted.lower, answer.lower);
         });
}

// Numbers of the other questions whose answers this one may take, those that are most like its own first: of one kind, of as many
// words, asked alike.
std::vector<std::size_t> Contradictions::answers_like(std::size_t number) const {
  const Known& asked = known_[number];
  std::vector<std::size_t> order(questions_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed_, "factorial.contradictions", number);
  random.shuffle(order);
  const auto unlikeness = [&](std::size_t other) {
    const auto words = static_cast<std::ptrdiff_t>(asked.answers.front().words) -
                       static_cast<std::ptrdiff_t>(known_[other].answers.front().words);
    return 4 * std::min<std::ptrdiff_t>(std::abs(words), 10) +
           2 * (asked.first_word != known_[other].first_word);
  };
  std::erase_if(order, [&](std::size_t other) {
    const Text& answer = known_[other].answers.front();
    return other == number || answer.kind != asked.answers.front().kind || !may_take(number, answer);
  });
  std::ranges::stable_sort(order, {}, unlikeness);
  return order;
}

// The pieces of one question.
class Contradictions::Maker {
 public:
  Maker(const PlacedQuestion& placed, const Known& asked, const std::vector<Known>& all)
      : placed_(placed), asked_(asked), all_(all), evidence_(to_lower(placed.evidence)) {
    std::ranges::copy_if(placed.answers, std::back_inserter(said_),
                         [&](const std::string& answer) { return contains_word(placed.evidence, answer); });
    // A part of one would be replaced first.
    std::ranges::stable_sort(said_, std::greater<>(), &std::string::size);
  }

  bool has_answer() const { return !said_.empty(); }

  // Whether what is left of the evidence in every piece gives nothing away.
  bool is_replaceable() const {
    constexpr const char* kAnyWord = "\u0180";  // a letter that texts do not have
    return gives_nothing_away(to_lower(replaced(kAnyWord, kAnyWord)));
  }

  // Whether pieces may be about the subject of another question.
  bool may_speak_of(const Text& subject) const {
    return subject.is_like(asked_.subject) && !is_used(subject) && gives_nothing_away(subject.lower) &&
           !contains_word(evidence_, subject.lower) && !contains_word(asked_.question.lower, subject.lower);
  }

  // A piece with that subject and the first fit answer; nothing where none fits.
  std::optional<std::string> piece(const Text& subject, const std::vector<std::size_t>& answers) {
    for (const std::size_t like : answers) {
      const Text& answer = all_[like].answers.front();
      const bool fits =
          !is_used(answer) && gives_nothing_away(answer.lower) && !contains_word(subject.lower, answer.lower);
      if (!fits) continue;
      std::string made = replaced(subject.text, answer.text);
      if (!is_safe(made, subject, answer)) continue;
      used_.insert(used_.end(), {subject.text, answer.text});
      return made;
    }
    return {};
  }

 private:
  bool is_used(const Text& text) const { return std::ranges::find(used_, text.text) != used_.end(); }

  std::string replaced(const std::string& subject, const std::string& answer) const {
    std::vector<Replacement> list = {{asked_.subject.text, subject}};
    for (const std::string& accepted : said_) list.push_back({accepted, answer});
    return with_replacements(placed_.evidence, list);
  }

  // No word of the subject, and no accepted answer.
  bool gives_nothing_away(const std::string& lower) const {
    return !shares_a_word(lower, asked_.subject.lower) &&
           std::ranges::none_of(asked_.answers,
                                [&](const Text& accepted) { return contains_word(lower, accepted.lower); });
  }

  bool is_safe(const std::string& piece, const Text& subject, const Text& answer) const {
    return gives_nothing_away(to_lower(piece)) && contains_word(piece, subject.text) &&
           contains_word(piece, answer.text);
  }

  const PlacedQuestion& placed_;
  const Known& asked_;
  const std::vector<Known>& all_;
  std::string evidence_;           // in lower case
  std::vector<std::string> said_;  // answers that the evidence has, the longest first
  std::vector<std::string> used_;  // subjects and answers of the pieces so far
};

Contradictions::Made Contradictions::of(std::size_t number, std::size_t wanted) const {
  if (known_[number].subject.text.empty()) return {{}, "the question names no subject of its evidence"};
  Maker maker(questions_[number], known_[number], known_);
  if (!maker.has_answer()) return {{}, "the evidence does not have the answer word for word"};
  Made made{{}, "no other question has a subject and an answer that fit"};
  if (!maker.is_replaceable()) return made;
  const std::vector<std::size_t> alike = answers_like(number);
  std::vector<std::size_t> others(known_.size());
  std::iota(others.begin(), others.end(), std::size_t{0});
  Random random(seed_, "factorial.subjects", number);
  random.shuffle(others);
  for (const std::size_t other : others) {
    if (made.pieces.size() == wanted) break;
    const Text& subject = known_[other].subject;
    if (!maker.may_speak_of(subject)) continue;
    // The other question's own answer last: together they are its evidence.
    std::vector<std::size_t> answers = alike;
    std::ranges::stable_partition(answers, [&](std::size_t like) { return like != other; });
    if (auto piece = maker.piece(subject, answers)) made.pieces.push_back(std::move(*piece));
  }
  if (!made.pieces.empty()) made.why.clear();
  return made;
}

}  // namespace film::tasks

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

enum class Kind { number, name, word };

Kind kind_of(std::string_view text) {
  if (text.empty()) return Kind::word;
  const char32_t first = code_point_at(text, 0).value;
  if (is_digit(first)) return Kind::number;
  return to_lower(first) != first ? Kind::name : Kind::word;
}

bool is_name_word(std::string_view word) {
  if (std::ranges::find(kNoNames, std::string_view(to_lower(word))) != kNoNames.end()) return false;
  return kind_of(word) != Kind::word || std::ranges::any_of(word, is_ascii_digit);
}

// Whether `part` is among the words of `text`, in whatever case.
bool has(const std::string& text, std::string_view part) {
  return contains_word(to_lower(text), to_lower(part));
}

// The same of one of its words.
bool shares_a_word(const std::string& text, const std::string& part) {
  return std::ranges::any_of(bare_words(part), [&](std::string_view word) { return has(text, word); });
}

// Whether a word ends in front of `at`, or begins there.
bool is_edge(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size()) return true;
  std::size_t before = at - 1;
  while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
  return !is_word(code_point_at(text, before).value) || !is_word(code_point_at(text, at).value);
}

struct Replacement {
  std::string from, to;
};

// Whole words, from left to right, the first of the list that fits.
std::string with_replacements(std::string_view text, const std::vector<Replacement>& list) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::ranges::find_if(list, [&](const Replacement& r) {
      return text.substr(at).starts_with(r.from) && is_edge(text, at) && is_edge(text, at + r.from.size());
    });
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
      const std::string text(name);
      const bool fits =
          contains_word(question.evidence, name) &&
          std::ranges::none_of(question.answers, [&](const auto& a) { return shares_a_word(a, text); });
      if (fits && name.size() > best.size()) best = name;
    }
  }
  return std::string(best);
}

Contradictions::Contradictions(const std::vector<PlacedQuestion>& questions, std::uint64_t seed)
    : questions_(questions), seed_(seed) {
  for (const PlacedQuestion& question : questions) subjects_.push_back(subject_of(question));
}

// Numbers of the other questions, those whose answers are most like this one's first: of one kind, of as many words, asked alike.
std::vector<std::size_t> Contradictions::answers_like(std::size_t number) const {
  const PlacedQuestion& asked = questions_[number];
  std::vector<std::size_t> order(questions_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed_, "factorial.contradictions", number);
  random.shuffle(order);
  const auto first_word = [](const std::string& text) {
    const auto words = bare_words(text);
    return words.empty() ? std::string() : to_lower(words.front());
  };
  const auto unlikeness = [&](std::size_t other) {
    const std::string &mine = asked.answers.front(), &theirs = questions_[other].answers.front();
    const auto words =
        static_cast<std::ptrdiff_t>(count_words(mine)) - static_cast<std::ptrdiff_t>(count_words(theirs));
    return 4 * std::min<std::ptrdiff_t>(std::abs(words), 10) +
           2 * (first_word(asked.question) != first_word(questions_[other].question));
  };
  std::erase_if(order, [&](std::size_t other) {
    return other == number || kind_of(questions_[other].answers.front()) != kind_of(asked.answers.front());
  });
  std::ranges::stable_sort(order, {}, unlikeness);
  return order;
}

bool Contradictions::is_safe(const std::string& piece, std::size_t number, const std::string& subject,
                             const std::string& answer) const {
  const PlacedQuestion& asked = questions_[number];
  const auto tells = [&](const std::string& accepted) {
    return has(piece, accepted) || has(answer, accepted) || has(accepted, answer);
  };
  return !shares_a_word(piece, subjects_[number]) && std::ranges::none_of(asked.answers, tells) &&
         !has(asked.question, subject) && !has(asked.question, answer) && !has(subject, answer) &&
         contains_word(piece, subject) && contains_word(piece, answer);
}

Contradictions::Made Contradictions::of(std::size_t number, std::size_t wanted) const {
  const PlacedQuestion& asked = questions_[number];
  const std::string& own = subjects_[number];
  if (own.empty()) return {{}, "the question names no subject of its evidence"};
  std::vector<std::string> said;
  std::ranges::copy_if(asked.answers, std::back_inserter(said),
                       [&](const std::string& answer) { return contains_word(asked.evidence, answer); });
  std::ranges::stable_sort(said, std::greater<>(),
                           &std::string::size);  // or a part of one would be replaced first
  if (said.empty()) return {{}, "the evidence does not have the answer word for word"};
  const std::vector<std::size_t> alike = answers_like(number);
  std::vector<std::size_t> others(subjects_.size());
  std::iota(others.begin(), others.end(), std::size_t{0});
  Random random(seed_, "factorial.subjects", number);
  random.shuffle(others);
  Made made;
  std::vector<std::string> used;  // subjects and answers of the pieces so far
  const auto is_used = [&](const std::string& text) { return std::ranges::find(used, text) != used.end(); };
  for (const std::size_t other : others) {
    const std::string& subject = subjects_[other];
    const bool same_form = kind_of(subject) == kind_of(own) && count_words(subject) == count_words(own);
    if (made.pieces.size() == wanted) break;
    if (!same_form || is_used(subject) || has(asked.evidence, subject)) continue;
    // The other question's own answer last: together they are its evidence.
    std::vector<std::size_t> answers = alike;
    std::ranges::stable_partition(answers, [&](std::size_t like) { return like != other; });
    for (const std::size_t like : answers) {
      const std::string& answer = questions_[like].answers.front();
      if (is_used(answer)) continue;
      std::vector<Replacement> list = {{own, subject}};
      for (const std::string& accepted : said) list.push_back({accepted, answer});
      std::string piece = with_replacements(asked.evidence, list);
      if (!is_safe(piece, number, subject, answer)) continue;
      used.insert(used.end(), {subject, answer});
      made.pieces.push_back(std::move(piece));
      break;
    }
  }
  if (made.pieces.empty()) made.why = "no other question has a subject and an answer that fit";
  return made;
}

}  // namespace film::tasks

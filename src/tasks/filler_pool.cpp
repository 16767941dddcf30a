#include "filler_pool.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "film/base/random.h"
#include "film/base/strings.h"
#include "film/base/words.h"

namespace film::tasks {
namespace {

// The last words in front of an answer in its sentence, in lower case; fewer than three tell nothing.
std::string lead_of(const PlacedQuestion& question) {
  constexpr std::size_t kLeast = 3, kMost = 4;
  const std::string evidence = to_lower(question.evidence);
  for (const std::string& answer : question.answers) {
    const std::string_view before = std::string_view(evidence).substr(0, evidence.find(to_lower(answer)));
    if (before.size() == evidence.size()) continue;
    const std::size_t end = before.find_last_of(".!?\n");
    const auto words = split_words(end == std::string_view::npos ? before : before.substr(end + 1));
    if (words.size() < kLeast) continue;
    const std::string_view first = words[words.size() - std::min(words.size(), kMost)], last = words.back();
    return {first.data(), last.data() + last.size()};
  }
  return "";
}

}  // namespace

FillerPool::FillerPool(const std::vector<std::string>& pieces, const std::vector<PlacedQuestion>& questions,
                       const LineTokens& tokens, std::uint64_t seed)
    : questions_(questions), tokens_(tokens), seed_(seed) {
  std::set<std::string_view> seen;
  for (const PlacedQuestion& question : questions)
    if (seen.insert(question.evidence).second) add(question.evidence, true);
  for (const std::string& piece : pieces)
    if (seen.insert(piece).second) add(piece, false);
  for (const PlacedQuestion& question : questions) {
    asked_alike_[question.question].push_back(question.evidence);
    evidence_words_.push_back(words_of(question.evidence));
    leads_.push_back(lead_of(question));
  }
  found_ = pieces_.size();
  std::vector<double> pieces_with(word_numbers_.size());
  for (const Piece& piece : pieces_)
    for (const std::uint32_t word : piece.words) ++pieces_with[word];
  for (const double count : pieces_with)
    weights_.push_back(std::log((1 + static_cast<double>(pieces_.size())) / (1 + count)));
}

void FillerPool::add(const std::string& text, bool evidence) {
  pieces_.push_back({text, to_lower(text), tokens_of(text), words_of(text), evidence});
}

std::uint32_t FillerPool::made_piece(const std::string& text) {
  pieces_.push_back({text, {}, tokens_of(text), {}, false});
  return static_cast<std::uint32_t>(pieces_.size() - 1);
}

std::uint32_t FillerPool::tokens_of(const std::string& text) const {
  std::uint32_t sum = 0;
  for (const std::string_view line : split(text, "\n")) sum += tokens_(line);
  return sum;
}

std::vector<std::uint32_t> FillerPool::words_of(const std::string& text) {
  std::set<std::uint32_t> numbers;
  const std::string lower = to_lower(text);
  for (const std::string_view word : bare_words(lower))
    numbers.insert(
        word_numbers_.emplace(word, static_cast<std::uint32_t>(word_numbers_.size())).first->second);
  return {numbers.begin(), numbers.end()};
}

bool FillerPool::tells(const Piece& piece, std::size_t number) const {
  const PlacedQuestion& question = questions_[number];
  if (piece.text == question.evidence) return true;
  if (std::ranges::any_of(question.answers,
                          [&](const auto& answer) { return contains_word(piece.lower, to_lower(answer)); }))
    return true;
  if (!leads_[number].empty() && contains_word(piece.lower, leads_[number])) return true;
  const auto& alike = asked_alike_.at(question.question);
  return std::ranges::find(alike, piece.text) != alike.end();
}

std::vector<std::uint32_t> FillerPool::in_order(std::size_t question, Filler grade) const {
  std::vector<std::uint32_t> order(found_);
  std::iota(order.begin(), order.end(), 0U);
  Random random(seed_, "factorial.fillers", question);
  random.shuffle(order);
  if (grade == Filler::random || grade == Filler::contradicting) return order;
  const std::vector<std::uint32_t>& wanted = evidence_words_[question];
  std::vector<double> likeness(found_);
  for (std::size_t p = 0; p < found_; ++p) {
    std::vector<std::uint32_t> common;
    std::ranges::set_intersection(pieces_[p].words, wanted, std::back_inserter(common));
    for (const std::uint32_t word : common) likeness[p] += weights_[word];
    // Or the longest pieces would be the most alike.
    likeness[p] /= std::sqrt(1 + static_cast<double>(pieces_[p].words.size()));
  }
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    const bool near = grade == Filler::near_miss && pieces_[a].evidence != pieces_[b].evidence;
    return near ? pieces_[a].evidence : likeness[a] > likeness[b];
  });
  return order;
}

std::vector<std::uint32_t> FillerPool::fillers(std::size_t question, Filler grade, std::uint32_t tokens,
                                               const std::vector<std::uint32_t>& first) const {
  std::vector<std::uint32_t> chosen;
  std::uint32_t used = 0;
  for (const std::uint32_t number : first) {
    if (used + pieces_[number].tokens > tokens) return {};
    used += pieces_[number].tokens;
    chosen.push_back(number);
  }
  for (const std::uint32_t number : in_order(question, grade)) {
    const Piece& piece = pieces_[number];
    const auto same = [&](std::uint32_t made) { return pieces_[made].text == piece.text; };
    if (used + piece.tokens > tokens || tells(piece, question) || std::ranges::any_of(first, same)) continue;
    used += piece.tokens;
    chosen.push_back(number);
  }
  // The most alike are not to stand at one end.
  Random random(seed_, "factorial.places", question);
  random.shuffle(chosen);
  return chosen;
}

}  // namespace film::tasks

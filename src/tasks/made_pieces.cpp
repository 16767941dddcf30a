#include "made_pieces.h"

#include <fmt/format.h>

#include <algorithm>

#include "contradictions.h"
#include "film/base/log.h"

namespace film::tasks {

MadePieces::MadePieces(FillerPool& pool, const std::vector<PlacedQuestion>& questions,
                       const FactorialSettings& settings, std::uint64_t seed) {
  if (std::ranges::find(settings.grades, name_of(Filler::contradicting)) == settings.grades.end()) return;
  const Contradictions contradictions(questions, seed);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const Contradictions::Made made = contradictions.of(q, settings.contradictions);
    pieces_.emplace_back();
    for (const std::string& piece : made.pieces) pieces_.back().push_back(pool.made_piece(piece));
    count_ += made.pieces.size();
    if (made.pieces.empty()) without_[made.why].push_back(questions[q].question);
  }
  for (const auto& [why, list] : without_)
    warn(fmt::format(
        "factorial: {} of {} questions have no contradicting filler, and are left out among them: {}; the "
        "first is \"{}\"",
        list.size(), questions.size(), why, list.front()));
}

const std::vector<std::uint32_t>* MadePieces::of(std::size_t question, Filler grade) const {
  static const std::vector<std::uint32_t> kNone;
  if (grade != Filler::contradicting) return &kNone;
  const std::vector<std::uint32_t>& pieces = pieces_.at(question);
  return pieces.empty() ? nullptr : &pieces;
}

void MadePieces::note(Json& notes) const {
  constexpr std::size_t kNamed = 20;
  if (pieces_.empty()) return;
  notes["contradicting"]["pieces"] = count_;
  for (const auto& [why, list] : without_) {
    notes["left_out"]["without a contradicting filler: " + why] = list.size();
    for (std::size_t i = 0; i < std::min(kNamed, list.size()); ++i)
      notes["contradicting"]["questions without"].push_back(list[i]);
  }
}

}  // namespace film::tasks

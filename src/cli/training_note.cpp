#include "training_note.h"

#include <algorithm>

#include "film/base/format.h"

namespace film::cli {
namespace {

// The quickstart's curriculum needs about 500 steps on sentences made for it; natural questions need more.
constexpr std::int64_t kFewSteps = 500;

}  // namespace

std::string training_note(const std::vector<Comparison>& comparisons, std::int64_t steps) {
  const auto rose = [](const Comparison& comparison) { return comparison.low > 0; };
  if (comparisons.empty() || std::ranges::any_of(comparisons, rose)) return "";
  const std::string nothing = "After " + counted(static_cast<std::uint64_t>(steps), "step") +
                              " no score is above the starting point by more than chance";
  if (steps > kFewSteps)
    return nothing + ":\nthe report's training curve says whether the loss still falls.\n";
  return nothing +
         ":\nexpected of so few. A new small model needs about 500 steps on planted sentences\n"
         "(scripts/quickstart.sh --corpus PATH); questions on natural text need a model\n"
         "that can read (model_folder=FOLDER).\n";
}

}  // namespace film::cli

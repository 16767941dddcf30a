#include "position_weights.h"

#include <algorithm>
#include <numeric>

namespace film::contexts {
namespace {

std::size_t draw_one(const std::vector<std::uint64_t>& weights, Random& random) {
  std::uint64_t left = random.below(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  std::size_t slot = 0;
  while (left >= weights[slot]) left -= weights[slot++];
  return slot;
}

}  // namespace

// Slot s covers [s P, (s + 1) P) and part p covers [p n, (p + 1) n), in units of 1/(n P) of the context.
std::vector<std::uint64_t> slot_weights(const std::vector<std::uint32_t>& position_weights,
                                        std::uint64_t slots) {
  const std::uint64_t parts = position_weights.size();
  std::vector<std::uint64_t> weights(slots);
  for (std::uint64_t s = 0; s < slots; ++s)
    for (std::uint64_t p = s * parts / slots; p < parts && p * slots < (s + 1) * parts; ++p) {
      const std::uint64_t begin = std::max(s * parts, p * slots);
      const std::uint64_t end = std::min((s + 1) * parts, (p + 1) * slots);
      weights[s] += position_weights[p] * (end - begin);
    }
  return weights;
}

std::vector<std::size_t> draw_slots(std::vector<std::uint64_t> weights, std::size_t count, Random& random) {
  std::vector<std::size_t> slots;
  while (slots.size() < count) {
    if (std::ranges::all_of(weights, [](std::uint64_t weight) { return weight == 0; }))
      for (std::size_t s = 0; s < weights.size(); ++s) weights[s] = std::ranges::count(slots, s) == 0 ? 1 : 0;
    slots.push_back(draw_one(weights, random));
    weights[slots.back()] = 0;
  }
  return slots;
}

}  // namespace film::contexts

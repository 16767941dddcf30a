#include "repeats.h"

namespace film::contexts {
namespace {

constexpr std::size_t kRun = 4, kLongest = 16;  // tokens

std::uint64_t hash_of_run(std::span<const text::TokenId> run) {
  std::uint64_t hash = 0;
  for (const text::TokenId id : run) hash = (hash ^ static_cast<std::uint32_t>(id)) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

// use(hash) for each run of the text, in order.
template <class Use>
void for_each_run(std::span<const text::TokenId> text, Use use) {
  for (std::size_t i = 0; i + kRun <= text.size(); ++i) use(hash_of_run(text.subspan(i, kRun)));
}

}  // namespace

void Repeats::add(std::span<const text::TokenId> text) {
  for_each_run(text, [&](std::uint64_t hash) { runs_.insert(hash); });
}

bool Repeats::found_in(std::span<const text::TokenId> text) const {
  std::size_t shared = 0, all = 0, in_a_row = 0, most_in_a_row = 0;
  for_each_run(text, [&](std::uint64_t hash) {
    const bool known = runs_.contains(hash);
    ++all;
    shared += known ? 1 : 0;
    in_a_row = known ? in_a_row + 1 : 0;
    most_in_a_row = std::max(most_in_a_row, in_a_row);
  });
  return most_in_a_row + kRun > kLongest || 2 * shared > all;
}

}  // namespace film::contexts

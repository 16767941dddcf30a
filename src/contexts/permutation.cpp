#include "permutation.h"

#include <bit>

#include "film/base/random.h"

namespace film::contexts {
namespace {

constexpr std::uint32_t kRounds = 6;

}  // namespace

KeyedPermutation::KeyedPermutation(std::uint64_t n, std::uint64_t seed, std::string_view purpose,
                                   std::uint64_t item)
    : n_(n) {
  const auto bits = static_cast<std::uint32_t>(n > 1 ? std::bit_width(n - 1) : 1);
  half_bits_ = (bits + 1) / 2;
  const std::uint64_t key = Random(seed, purpose, item).bits();
  key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
}

std::uint64_t KeyedPermutation::operator()(std::uint64_t position) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  std::uint64_t x = position;
  do {  // the network permutes 0..4^half_bits-1, less than four times as many: few steps lead back below n
    std::uint64_t left = x >> half_bits_, right = x & mask;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const auto word = philox({static_cast<std::uint32_t>(right), round, 0, 0}, key_)[0];
      const std::uint64_t mixed = left ^ (word & mask);
      left = right;
      right = mixed;
    }
    x = left << half_bits_ | right;
  } while (x >= n_);
  return x;
}

}  // namespace film::contexts

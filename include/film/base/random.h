#pragma once
// Seeded random numbers that do not depend on threads, shards or restarts: a counter-based generator
// (Philox4x32-10, Salmon et al., SC'11) keyed by (seed, purpose, item number). Same bytes on every platform.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace film {

// One block of Philox4x32-10: 4 x 32 random bits for a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

class Random {
 public:
  // `purpose` separates streams ("context.fillers"), `item` numbers what is drawn for (a
  // context, a document).
  Random(std::uint64_t seed, std::string_view purpose, std::uint64_t item = 0);

  std::uint64_t bits();                      // 64 uniform bits
  std::uint64_t below(std::uint64_t bound);  // uniform on 0..bound-1, without bias; bound > 0
  double uniform();                          // uniform on [0, 1)
  double normal();                           // mean 0, variance 1 (Box-Muller, one of the pair)

  template <class Sequence>
  void shuffle(Sequence& sequence) {  // Fisher-Yates
    for (std::size_t i = sequence.size(); i > 1; --i)
      std::swap(sequence[i - 1], sequence[static_cast<std::size_t>(below(i))]);
  }

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint64_t item_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> words_{};
  std::size_t used_ = 4;
};

}  // namespace film

#pragma once
// Private to the module: a random order of 0..n-1 that needs no memory.
#include <array>
#include <cstdint>
#include <string_view>

namespace film::contexts {

// A Feistel network over Philox with cycle walking: position i -> number, a bijection of 0..n-1.
// Two permutations with the same (n, seed, purpose, item) are the same.
class KeyedPermutation {
 public:
  KeyedPermutation(std::uint64_t n, std::uint64_t seed, std::string_view purpose, std::uint64_t item);
  std::uint64_t operator()(std::uint64_t position) const;  // position < n

 private:
  std::uint64_t n_;
  std::uint32_t half_bits_;
  std::array<std::uint32_t, 2> key_;
};

}  // namespace film::contexts

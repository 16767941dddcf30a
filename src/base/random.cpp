#include "film/base/random.h"

#include <cmath>
#include <numbers>

#include "film/base/fnv1a.h"

namespace film {
namespace {

std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = 0xD2511F53u * static_cast<std::uint64_t>(c[0]);
    const std::uint64_t b = 0xCD9E8D57u * static_cast<std::uint64_t>(c[2]);
    c = {high(b) ^ c[1] ^ key[0], low(b), high(a) ^ c[3] ^ key[1], low(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

Random::Random(std::uint64_t seed, std::string_view purpose, std::uint64_t item) : item_(item) {
  const std::uint64_t key = mix(mix(seed + 0x9e3779b97f4a7c15u) ^ fnv1a(purpose));
  key_ = {low(key), high(key)};
}

std::uint64_t Random::bits() {
  if (used_ == 4) {
    words_ = philox({low(block_), high(block_), low(item_), high(item_)}, key_);
    ++block_;
    used_ = 0;
  }
  const std::uint64_t result = words_[used_] | static_cast<std::uint64_t>(words_[used_ + 1]) << 32;
  used_ += 2;
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t threshold = (0 - bound) % bound;  // 2^64 mod bound: values under it would be favoured
  while (true) {
    const std::uint64_t value = bits();
    if (value >= threshold) return value % bound;
  }
}

double Random::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace film

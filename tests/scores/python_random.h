#pragma once
// What VaL Probing's builder drew with: CPython's random.seed(integer) and random.sample (3.8 to
// 3.12 agree), so that published test sets can be rebuilt. MT19937: Matsumoto and Nishimura, 1998;
// seeding by init_by_array.
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

namespace film::testing {

class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed) {
    state_[0] = 19650218u;
    for (std::uint32_t i = 1; i < kN; ++i)
      state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    std::uint32_t i = 1;
    for (std::uint32_t k = 0; k < kN; ++k) step(i, 1664525u, seed, true);
    for (std::uint32_t k = 0; k < kN - 1; ++k) step(i, 1566083941u, i, false);
    state_[0] = 0x80000000u;
  }

  // Numbers of the chosen elements, in order.
  std::vector<std::size_t> sample(std::size_t n, std::size_t k) {
    std::size_t set_size = 21;
    if (k > 5)
      set_size += static_cast<std::size_t>(
          std::pow(4, std::ceil(std::log(3.0 * static_cast<double>(k)) / std::log(4.0))));
    return n <= set_size ? from_pool(n, k) : from_set(n, k);
  }

 private:
  static constexpr std::uint32_t kN = 624;

  void step(std::uint32_t& i, std::uint32_t factor, std::uint32_t value, bool add) {
    state_[i] ^= (state_[i - 1] ^ (state_[i - 1] >> 30)) * factor;
    state_[i] = add ? state_[i] + value : state_[i] - value;
    if (++i == kN) state_[0] = state_[kN - 1], i = 1;
  }

  std::uint32_t word() {
    if (next_ == kN) {
      for (std::uint32_t i = 0; i < kN; ++i) {
        const std::uint32_t y = (state_[i] & 0x80000000u) | (state_[(i + 1) % kN] & 0x7fffffffu);
        state_[i] = state_[(i + 397) % kN] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
      }
      next_ = 0;
    }
    std::uint32_t y = state_[next_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }

  std::size_t below(std::size_t n) {
    int bits = 0;
    while (n >> bits) ++bits;
    while (true)
      if (const std::size_t r = word() >> (32 - bits); r < n) return r;
  }

  std::vector<std::size_t> from_pool(std::size_t n, std::size_t k) {
    std::vector<std::size_t> pool(n), chosen;
    std::iota(pool.begin(), pool.end(), std::size_t{0});
    for (std::size_t i = 0; i < k; ++i) {
      const std::size_t j = below(n - i);
      chosen.push_back(pool[j]);
      pool[j] = pool[n - i - 1];
    }
    return chosen;
  }

  std::vector<std::size_t> from_set(std::size_t n, std::size_t k) {
    std::vector<std::size_t> chosen;
    std::set<std::size_t> seen;
    while (chosen.size() < k)
      if (const std::size_t j = below(n); seen.insert(j).second) chosen.push_back(j);
    return chosen;
  }

  std::array<std::uint32_t, kN> state_{};
  std::uint32_t next_ = kN;
};

}  // namespace film::testing

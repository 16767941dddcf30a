#pragma once
// One fp32 master as a bf16 weight and an int16 remainder, exactly. With u the bits of the master:
//   high = (u + 0x8000) >> 16,  low = u - (high << 16),  u = (high << 16) + low.
// high is the master rounded to bf16, ties away from zero. (A cast that rounds ties to even would need the
// remainder +0x8000, which int16 does not hold.) Finite values only: a NaN's bits may wrap into an infinity.
#include <bit>
#include <cstdint>

#include "both.h"

namespace film::kernels {

FILM_BOTH inline void split_bits(float master, std::uint16_t& high, std::int16_t& low) {
  const auto u = std::bit_cast<std::uint32_t>(master);
  high = static_cast<std::uint16_t>((u + 0x8000u) >> 16);
  low = static_cast<std::int16_t>(u - (static_cast<std::uint32_t>(high) << 16));
}

FILM_BOTH inline float join_bits(std::uint16_t high, std::int16_t low) {
  const std::uint32_t u =
      (static_cast<std::uint32_t>(high) << 16) + static_cast<std::uint32_t>(std::int32_t{low});
  return std::bit_cast<float>(u);
}

}  // namespace film::kernels

#pragma once
// FNV-1a, 64 bits: a hash of few bytes that is the same on every machine and in every version.
#include <cstdint>
#include <string_view>

namespace film {

constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace film

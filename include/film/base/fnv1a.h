#pragma once
// FNV-1a, 64 bits: a hash of few bytes that is the same on every machine and in every version.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace film {

constexpr std::uint64_t kFnv1aBasis = 0xcbf29ce484222325u;  // the hash of no byte

constexpr std::uint64_t fnv1a_step(std::uint64_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
}

// `hash`: of what comes before the text.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = kFnv1aBasis) {
  for (const char c : text) hash = fnv1a_step(hash, c);
  return hash;
}

// Of each text. Several at a time: a step waits for its multiplication, and the steps of other texts fill the waiting.
std::vector<std::uint64_t> fnv1a_each(std::span<const std::string_view> texts);

}  // namespace film

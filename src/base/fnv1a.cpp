#include "film/base/fnv1a.h"

#include <algorithm>
#include <array>

namespace film {
namespace {

struct Lane {
  std::size_t text = 0;   // whose hash it is
  std::string_view rest;  // what is not in the hash yet
  std::uint64_t hash = kFnv1aBasis;
};

constexpr std::size_t kLanes = 4;
using Lanes = std::array<Lane, kLanes>;

// As far as the shortest goes.
void advance(Lanes& lanes) {
  const std::size_t bytes =
      std::ranges::min(lanes, {}, [](const Lane& lane) { return lane.rest.size(); }).rest.size();
  std::array<std::uint64_t, kLanes> hashes;
  std::array<const char*, kLanes> from;
  for (std::size_t n = 0; n < kLanes; ++n) {
    hashes[n] = lanes[n].hash;
    from[n] = lanes[n].rest.data();
  }
  for (std::size_t i = 0; i < bytes; ++i)
    for (std::size_t n = 0; n < kLanes; ++n) hashes[n] = fnv1a_step(hashes[n], from[n][i]);
  for (std::size_t n = 0; n < kLanes; ++n) {
    lanes[n].hash = hashes[n];
    lanes[n].rest.remove_prefix(bytes);
  }
}

}  // namespace

std::vector<std::uint64_t> fnv1a_each(std::span<const std::string_view> texts) {
  std::vector<std::uint64_t> hashes(texts.size());
  Lanes lanes;
  std::size_t begun = 0;
  const auto begin = [&](Lane& lane) {
    if (begun == texts.size()) return false;
    lane = {begun, texts[begun]};
    ++begun;
    return true;
  };
  bool all = std::ranges::all_of(lanes, begin);
  const std::span used = std::span(lanes).first(std::min(kLanes, texts.size()));
  while (all) {
    advance(lanes);
    for (Lane& lane : lanes) {
      if (!lane.rest.empty()) continue;
      hashes[lane.text] = lane.hash;
      all = begin(lane) && all;
    }
  }
  for (const Lane& lane : used) hashes[lane.text] = fnv1a(lane.rest, lane.hash);
  return hashes;
}

}  // namespace film

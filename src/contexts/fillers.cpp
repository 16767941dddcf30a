// Fillers: the segments around the evidence.
#include <algorithm>

#include "context_builder.h"

namespace film::contexts {
namespace {

constexpr int kFillerTries = 256;  // then the pool is searched through
constexpr int kLastTries = 16;     // for a last filler that meets the target

}  // namespace

// With ask_all() a filler with a needle is evidence too, so its document must be new to the context. Parts of one text
// are few; there another segment with another needle will do.
bool ContextBuilder::filler_fits(std::uint32_t segment) const {
  const std::uint32_t document = index_.document[segment];
  const bool evidence = settings_.ask_all() && index_.attribute_of(segment) != 0;
  const bool parts = !index_.continues.empty();
  if (segments_.contains(segment) || !text_is_new(segment)) return false;
  if (length_with(segment) > settings_.target.max || !attribute_free(segment)) return false;
  if (parts && evidence) return true;
  if (evidence_documents_.contains(document) || (evidence && documents_.contains(document))) return false;
  return !parts || !is_beside_evidence(segment);
}

// Parts of one text are different documents, but a filler that goes on where the evidence ends would belong to it.
bool ContextBuilder::is_beside_evidence(std::uint32_t segment) const {
  return std::ranges::any_of(members_, [&](const Member& member) {
    return member.evidence && index_.neighbours(member.segment, segment);
  });
}

std::optional<std::uint32_t> ContextBuilder::draw_filler() {
  for (int i = 0; i < kFillerTries; ++i) {
    const std::uint32_t segment = pool_.segments[random_.below(pool_.segments.size())];
    if (filler_fits(segment)) return segment;
  }
  std::vector<std::uint32_t> fitting;
  for (const std::uint32_t segment : pool_.segments)
    if (filler_fits(segment)) fitting.push_back(segment);
  if (fitting.empty()) return std::nullopt;
  return fitting[random_.below(fitting.size())];
}

void ContextBuilder::add_filler(std::uint32_t segment) {
  add(segment, settings_.ask_all() && index_.attribute_of(segment) != 0);
}

// Fillers go in while they end at the target or before it. When kLastTries in a row would not, the one of them that
// comes closest goes in if that is closer than stopping here (or if the context is still below the shortest length).
void ContextBuilder::fill_to_target() {
  std::uint32_t closest = 0, closest_length = UINT32_MAX;  // UINT32_MAX: none yet
  for (int misses = 0; misses < kLastTries && tokens_ < target_;) {
    const auto filler = draw_filler();
    if (!filler) break;
    const std::uint32_t length = length_with(*filler);
    if (length <= target_) {
      add_filler(*filler);
      misses = 0;
      closest_length = UINT32_MAX;
      continue;
    }
    if (length < closest_length) {
      closest = *filler;
      closest_length = length;
    }
    ++misses;
  }
  const bool too_short = tokens_ < settings_.target.min;
  const bool closer = closest_length - target_ < target_ - tokens_;
  if (closest_length != UINT32_MAX && (too_short || closer)) add_filler(closest);
  if (tokens_ < settings_.target.min) throw shortfall();
}

void ContextBuilder::fill_to_count() {
  while (members_.size() < settings_.segments) {
    const auto filler = draw_filler();
    if (!filler) throw shortfall();
    add_filler(*filler);
  }
}

}  // namespace film::contexts

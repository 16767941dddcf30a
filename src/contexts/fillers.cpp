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
  if (graded_ && graded_->repeats_evidence(segment)) return false;
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

void ContextBuilder::find_graded_fillers() {
  const FillerSource* source = plan_.source(task_.split);
  if (source == nullptr) return;
  std::vector<std::uint32_t> evidence;
  for (const Member& member : members_)
    if (member.evidence) evidence.push_back(member.segment);
  graded_.emplace(*source, std::move(evidence), random_);
}

bool ContextBuilder::wants_graded() const {
  return graded_ && alike_ < settings_.fillers.share * (fillers_ + 1);
}

std::optional<ContextBuilder::Filler> ContextBuilder::draw_filler() {
  if (wants_graded())
    while (const auto segment = graded_->next())
      if (filler_fits(*segment)) return Filler{*segment, true};
  if (const auto segment = draw_random_filler()) return Filler{*segment};
  return std::nullopt;
}

std::optional<std::uint32_t> ContextBuilder::draw_random_filler() {
  for (int i = 0; i < kFillerTries; ++i) {
    const std::uint32_t segment = pool_.segments[random_.below(pool_.segments.size())];
    if (filler_fits(segment)) return segment;
  }
  std::vector<std::uint32_t> fitting;
  for (const std::uint32_t segment : short_enough())
    if (filler_fits(segment)) fitting.push_back(segment);
  if (fitting.empty()) return std::nullopt;
  std::ranges::sort(fitting);
  return fitting[random_.below(fitting.size())];
}

// The segments of the pool that do not take the context past its longest length. Near it they are few of millions.
std::span<const std::uint32_t> ContextBuilder::short_enough() const {
  const auto too_long = std::ranges::partition_point(
      pool_.by_length, [&](std::uint32_t segment) { return length_with(segment) <= settings_.target.max; });
  return {pool_.by_length.begin(), too_long};
}

void ContextBuilder::add_filler(const Filler& filler) {
  add(filler.segment, settings_.ask_all() && index_.attribute_of(filler.segment) != 0);
  ++fillers_;
  if (filler.alike) ++alike_;
}

// Fillers go in while they end at the target or before it. When kLastTries in a row would not, the one of them that
// comes closest goes in if that is closer than stopping here (or if the context is still below the shortest length).
void ContextBuilder::fill_to_target() {
  Filler closest;
  std::uint32_t closest_length = UINT32_MAX;  // UINT32_MAX: none yet
  for (int misses = 0; misses < kLastTries && tokens_ < target_;) {
    const auto filler = draw_filler();
    if (!filler) break;
    const std::uint32_t length = length_with(filler->segment);
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

// What the evidence was stays known: no filler is of its document, or has its text or its attribute.
void ContextBuilder::replace_evidence() {
  const std::size_t count = members_.size();
  const std::uint32_t newline = count > 1 ? plan_.newline_tokens : 0;
  std::vector<std::size_t> slots;
  for (std::size_t i = 0; i < count; ++i) {
    if (!members_[i].evidence) continue;
    const std::uint32_t tokens = index_.tokens[members_[i].segment];
    tokens_ -= tokens + newline;
    add_filler(draw_filler_like(tokens));
    slots.push_back(i);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) members_[slots[i]] = {members_[count + i].segment, false};
  members_.resize(count);
  tokens_ = static_cast<std::uint32_t>(count - 1) * plan_.newline_tokens;
  for (const Member& member : members_) tokens_ += index_.tokens[member.segment];
}

ContextBuilder::Filler ContextBuilder::draw_filler_like(std::uint32_t tokens) {
  const auto distance = [&](const Filler& filler) {
    return std::abs(std::int64_t{index_.tokens[filler.segment]} - std::int64_t{tokens});
  };
  std::optional<Filler> closest;
  for (int i = 0; i < kLastTries; ++i) {
    const auto filler = draw_filler();
    if (!filler) break;
    if (!closest || distance(*filler) < distance(*closest)) closest = filler;
  }
  if (!closest) throw shortfall();
  return *closest;
}

void ContextBuilder::fill_to_count() {
  while (members_.size() < settings_.segments) {
    const auto filler = draw_filler();
    if (!filler) throw shortfall();
    add_filler(*filler);
  }
}

}  // namespace film::contexts

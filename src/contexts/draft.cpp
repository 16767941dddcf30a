#include "draft.h"

#include <algorithm>
#include <optional>

#include "film/base/error.h"
#include "film/contexts/permutation.h"

namespace film::contexts {
namespace {

constexpr int kEvidenceTries = 1000;
constexpr int kFillerTries = 256;  // then the pool is searched through
constexpr int kLastTries = 16;     // for a last filler that meets the target

}  // namespace

ContextDraft::ContextDraft(const ContextDrawer& drawer, const ContextTask& task)
    : drawer_(drawer),
      index_(drawer.index_),
      settings_(drawer.settings_),
      task_(task),
      pool_(drawer.pools_[static_cast<std::size_t>(task.split)]),
      random_(drawer.seed_, "context", task.id) {
  const TargetSettings& range = settings_.target;
  ceiling_ = range.max;
  if (settings_.segments > 0 || task.kind == ContextKind::short_text) return;
  target_ = range.min + static_cast<std::uint32_t>(random_.below(range.max - range.min + std::uint64_t{1}));
  ceiling_ = target_;
}

Context ContextDraft::make() {
  if (task_.kind == ContextKind::short_text) {
    take_short_document();
    return finish();
  }
  if (task_.kind == ContextKind::fine_grained)
    add_evidence_segments();
  else
    add_evidence_document();
  if (target_ > 0)
    fill_to_target();
  else
    fill_to_count();
  random_.shuffle(members_);
  return finish();
}

// Evidence
// ---------------------------------------------------------------------------------------------------------

// Document number `place` of the endless sequence that runs through all documents in one random order after
// another.
std::uint32_t ContextDraft::evidence_document(std::uint64_t place) const {
  const auto& documents = pool_.documents[static_cast<std::size_t>(task_.kind)];
  const std::string purpose = "evidence." + to_text(task_.kind) + "." + to_text(task_.split);
  const KeyedPermutation order(documents.size(), drawer_.seed_, purpose, place / documents.size());
  return documents[order(place % documents.size())];
}

template <class Try>
void ContextDraft::with_some_document(std::uint64_t place, Try attempt) {
  if (attempt(evidence_document(place))) return;
  const auto& documents = pool_.documents[static_cast<std::size_t>(task_.kind)];
  for (int i = 0; i < kEvidenceTries; ++i)
    if (attempt(documents[random_.below(documents.size())])) return;
  throw shortfall();
}

void ContextDraft::add_evidence_segments() {
  const std::uint64_t count = settings_.ask_all() ? 1 : settings_.questions_per_context;
  for (std::uint64_t i = 0; i < count; ++i)
    with_some_document(task_.number * count + i,
                       [&](std::uint32_t document) { return try_evidence(document); });
}

bool ContextDraft::try_evidence(std::uint32_t document) {
  if (documents_.contains(document)) return false;
  std::vector<std::uint32_t> fitting;
  for (std::uint64_t s = index_.first_segment[document]; s < index_.first_segment[document + 1]; ++s) {
    const auto segment = static_cast<std::uint32_t>(s);
    if (drawer_.may_ask(s) && attribute_free(segment) && length_with(segment) <= ceiling_)
      fitting.push_back(segment);
  }
  if (fitting.empty()) return false;
  add(fitting[random_.below(fitting.size())], true);
  return true;
}

void ContextDraft::add_evidence_document() {
  with_some_document(task_.number, [&](std::uint32_t document) { return try_whole(document); });
  for (Member& member : members_) member.evidence = true;
}

// Adds all segments of a document, or none.
bool ContextDraft::try_whole(std::uint32_t document) {
  if (drawer_.whole_tokens(document) > ceiling_) return false;
  const std::uint64_t first = index_.first_segment[document], last = index_.first_segment[document + 1];
  if (settings_.segments > 0 && last - first > settings_.segments) return false;
  std::unordered_set<std::uint16_t> seen;
  for (std::uint64_t s = first; s < last; ++s)
    if (const std::uint16_t attribute = index_.attribute_of(s);
        attribute != 0 && !seen.insert(attribute).second)
      return false;
  for (std::uint64_t s = first; s < last; ++s) add(static_cast<std::uint32_t>(s), true);
  return true;
}

void ContextDraft::take_short_document() {
  with_some_document(task_.number, [&](std::uint32_t document) { return try_whole(document); });
  std::vector<std::size_t> askable;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i].evidence = false;
    if (drawer_.may_ask(members_[i].segment)) askable.push_back(i);
  }
  random_.shuffle(askable);
  askable.resize(std::min<std::size_t>(askable.size(), settings_.questions_per_context));
  for (const std::size_t i : askable) members_[i].evidence = true;
}

// Fillers
// ----------------------------------------------------------------------------------------------------------

// With ask_all() a planted filler is evidence too, so its document must be new to the context.
bool ContextDraft::filler_fits(std::uint32_t segment) const {
  const std::uint32_t document = index_.document[segment];
  if (evidence_documents_.contains(document) || segments_.contains(segment)) return false;
  if (length_with(segment) > settings_.target.max || !attribute_free(segment)) return false;
  const bool evidence = settings_.ask_all() && index_.attribute_of(segment) != 0;
  return !evidence || !documents_.contains(document);
}

std::optional<std::uint32_t> ContextDraft::draw_filler() {
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

void ContextDraft::add_filler(std::uint32_t segment) {
  add(segment, settings_.ask_all() && index_.attribute_of(segment) != 0);
}

// Fillers go in while they end at the target or before it. When kLastTries in a row would not, the one of
// them that comes closest goes in if that is closer than stopping here (or if the context is still below the
// shortest length).
void ContextDraft::fill_to_target() {
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
    if (length < closest_length) closest = *filler, closest_length = length;
    ++misses;
  }
  const bool too_short = tokens_ < settings_.target.min,
             closer = closest_length - target_ < target_ - tokens_;
  if (closest_length != UINT32_MAX && (too_short || closer)) add_filler(closest);
  if (tokens_ < settings_.target.min) throw shortfall();
}

void ContextDraft::fill_to_count() {
  while (members_.size() < settings_.segments) {
    const auto filler = draw_filler();
    if (!filler) throw shortfall();
    add_filler(*filler);
  }
}

// Common
// -----------------------------------------------------------------------------------------------------------

std::uint32_t ContextDraft::length_with(std::uint32_t segment) const {
  const std::uint64_t length =
      std::uint64_t{tokens_} + index_.tokens[segment] + (members_.empty() ? 0 : drawer_.newline_tokens_);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(length, UINT32_MAX));
}

bool ContextDraft::attribute_free(std::uint32_t segment) const {
  const std::uint16_t attribute = index_.attribute_of(segment);
  return attribute == 0 || !attributes_.contains(attribute);
}

void ContextDraft::add(std::uint32_t segment, bool evidence) {
  tokens_ = length_with(segment);
  members_.push_back({segment, evidence});
  segments_.insert(segment);
  documents_.insert(index_.document[segment]);
  if (evidence) evidence_documents_.insert(index_.document[segment]);
  if (const std::uint16_t attribute = index_.attribute_of(segment); attribute != 0)
    attributes_.insert(attribute);
}

Context ContextDraft::finish() {
  Context context;
  context.id = task_.id;
  context.kind = task_.kind;
  context.split = to_text(task_.split);
  context.target_tokens = target_;
  context.tokens = tokens_;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    context.segments.push_back(members_[i].segment);
    if (members_[i].evidence) context.evidence.push_back(static_cast<std::uint32_t>(i));
  }
  return context;
}

Error ContextDraft::shortfall() const {
  const std::string wanted =
      target_ > 0 ? std::to_string(target_) + " tokens" : std::to_string(settings_.segments) + " segments";
  return config_error(
      "split " + std::string(to_text(task_.split)) + ": of its " + std::to_string(pool_.segments.size()) +
          " segments no further one fits into context " + std::to_string(task_.id) + " (" +
          to_text(task_.kind) + ", wanted " + wanted + ", has " + std::to_string(tokens_) + " tokens in " +
          std::to_string(members_.size()) + " segments)",
      "take a larger corpus or share (split." + std::string(to_text(task_.split)) +
          "), shorter contexts (contexts.target.max, contexts.segments), or, where records fill the "
          "context, more attributes or a lower records.share");
}

}  // namespace film::contexts

// The evidence of a context.
#include <algorithm>

#include "context_builder.h"
#include "permutation.h"
#include "position_weights.h"

namespace film::contexts {
namespace {

constexpr int kEvidenceTries = 1000;

}  // namespace

// The endless sequence runs through all documents in one random order after another.
std::uint32_t ContextBuilder::evidence_document(std::uint64_t position) const {
  const auto& documents = pool_.evidence(task_.kind);
  const std::string purpose = "evidence." + name_of(task_.kind) + "." + name_of(task_.split);
  const KeyedPermutation order(documents.size(), plan_.seed, purpose, position / documents.size());
  return documents[order(position % documents.size())];
}

template <class Try>
void ContextBuilder::with_some_document(std::uint64_t position, Try attempt) {
  if (attempt(evidence_document(position))) return;
  const auto& documents = pool_.evidence(task_.kind);
  for (int i = 0; i < kEvidenceTries; ++i)
    if (attempt(documents[random_.below(documents.size())])) return;
  throw shortfall();
}

void ContextBuilder::add_evidence_segments() {
  const std::uint64_t count = settings_.ask_all() ? 1 : settings_.questions_per_context;
  for (std::uint64_t i = 0; i < count; ++i)
    with_some_document(task_.number * count + i,
                       [&](std::uint32_t document) { return try_evidence(document); });
}

bool ContextBuilder::try_evidence(std::uint32_t document) {
  if (documents_.contains(document)) return false;
  std::vector<std::uint32_t> fitting;
  for (std::uint64_t s = index_.first_segment[document]; s < index_.first_segment[document + 1]; ++s) {
    const auto segment = static_cast<std::uint32_t>(s);
    if (plan_.may_ask(s) && attribute_free(segment) && text_is_new(segment) &&
        length_with(segment) <= ceiling_)
      fitting.push_back(segment);
  }
  if (fitting.empty()) return false;
  add(fitting[random_.below(fitting.size())], true);
  return true;
}

void ContextBuilder::add_evidence_document() {
  with_some_document(task_.number, [&](std::uint32_t document) { return try_whole(document); });
  for (Member& member : members_) member.evidence = true;
}

// Adds all segments of a document, or none.
bool ContextBuilder::try_whole(std::uint32_t document) {
  if (plan_.whole_tokens(document) > ceiling_) return false;
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

// The members are in random order already: evidence goes to the slots that are drawn, fillers keep their order.
void ContextBuilder::place_evidence() {
  const auto evidence = std::ranges::stable_partition(members_, &Member::evidence);
  const auto count = static_cast<std::size_t>(std::distance(members_.begin(), evidence.begin()));
  const auto slots = draw_slots(slot_weights(settings_.position_weights, members_.size()), count, random_);
  std::vector<Member> placed(members_.size());
  for (std::size_t i = 0; i < count; ++i) placed[slots[i]] = members_[i];
  auto filler = evidence.begin();
  for (std::size_t s = 0; s < placed.size(); ++s)
    if (std::ranges::count(slots, s) == 0) placed[s] = *filler++;
  members_ = std::move(placed);
}

void ContextBuilder::take_short_document() {
  with_some_document(task_.number, [&](std::uint32_t document) { return try_whole(document); });
  std::vector<std::size_t> askable;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i].evidence = false;
    if (plan_.may_ask(members_[i].segment)) askable.push_back(i);
  }
  random_.shuffle(askable);
  askable.resize(std::min<std::size_t>(askable.size(), settings_.questions_per_context));
  for (const std::size_t i : askable) members_[i].evidence = true;
}

}  // namespace film::contexts

#include "queue.h"

namespace film::endpoint {

Queue::Queue(std::size_t slots) : slots_(slots) {
  for (std::size_t i = slots; i > 0; --i) free_.push_back(i - 1);
}

bool Queue::coalesce(const Outgoing& outgoing) {
  if (outgoing.keys.empty()) return false;
  const auto open = open_keys_.find(outgoing.keys.front());
  if (open == open_keys_.end()) return false;
  slots_[open->second].coalesced.push_back(outgoing.request.id);
  return true;
}

void Queue::add(Outgoing outgoing) {
  const std::size_t slot = free_.back();
  free_.pop_back();
  if (!outgoing.keys.empty()) open_keys_[outgoing.keys.front()] = slot;
  slots_[slot] = std::move(outgoing);
  due_.emplace(0.0, slot);
}

void Queue::start_first() {
  slots_[first()].in_flight = true;
  ++in_flight_;
  due_.pop();
}

void Queue::finish(std::size_t slot) {
  slots_[slot].in_flight = false;
  --in_flight_;
}

void Queue::retry(std::size_t slot, double due) { due_.emplace(due, slot); }

Outgoing Queue::remove(std::size_t slot) {
  Outgoing outgoing = std::move(slots_[slot]);
  slots_[slot] = {};
  free_.push_back(slot);
  if (!outgoing.keys.empty()) open_keys_.erase(outgoing.keys.front());
  return outgoing;
}

}  // namespace film::endpoint

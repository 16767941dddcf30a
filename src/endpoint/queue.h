#pragma once
// The requests that a run has accepted and not answered yet: one slot each, from acceptance to result. A slot is
// waiting (for its turn, or for a retry) or in flight.
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "outgoing.h"

namespace film::endpoint {

class Queue {
 public:
  explicit Queue(std::size_t slots);

  bool full() const { return free_.empty(); }
  std::size_t size() const { return slots_.size() - free_.size(); }  // waiting or in flight
  std::size_t in_flight() const { return in_flight_; }
  bool waiting() const { return !due_.empty(); }
  Outgoing& operator[](std::size_t slot) { return slots_[slot]; }
  const Outgoing& operator[](std::size_t slot) const { return slots_[slot]; }

  // True when a request with the same key is open already: its answer will serve this one too.
  bool coalesce(const Outgoing& outgoing);
  // Takes a slot, due at once. Not when full.
  void add(Outgoing outgoing);
  // Of the waiting requests: the slot that is due first, and when. Only when waiting().
  std::size_t first() const { return due_.top().second; }
  double first_due() const { return due_.top().first; }
  // first() is sent.
  void start_first();
  // A reply came.
  void finish(std::size_t slot);
  void retry(std::size_t slot, double due);
  // Frees the slot.
  Outgoing remove(std::size_t slot);
  // Calls use(outgoing) for every request in flight, which is then no longer in flight.
  template <class Use>
  void abandon(const Use& use) {
    for (Outgoing& outgoing : slots_) {
      if (!outgoing.in_flight) continue;
      outgoing.in_flight = false;
      --in_flight_;
      use(outgoing);
    }
  }

 private:
  using Due = std::pair<double, std::size_t>;  // when, which slot
  std::vector<Outgoing> slots_;
  std::vector<std::size_t> free_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::unordered_map<RequestKey, std::size_t, RequestKeyHash> open_keys_;  // key -> slot; only with a journal
  std::size_t in_flight_ = 0;
};

}  // namespace film::endpoint

#pragma once
// The store where the ranks of a run meet, and how long they may take.
#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <string>

#include "film/base/error.h"
#include "film/base/json.h"
#include "film/engine/ranks.h"
#include "watch.h"

namespace c10d {
class Store;
}

namespace film::ranks {

using Store = c10::intrusive_ptr<c10d::Store>;

// The longest that one try to connect may take, and the time between two looks.
inline constexpr std::chrono::milliseconds kTry{2000}, kLook{50};

// The time that a meeting may take.
class Deadline {
 public:
  explicit Deadline(double seconds);
  bool passed() const { return Clock::now() >= end_; }
  double seconds() const { return seconds_; }
  void wait() const;  // for one look; throws stopped after a signal

 private:
  double seconds_;
  Clock::time_point end_;
};

std::string place_text(const engine::RankPlace& place);  // "node0:29500"

// Rank 0 opens it, unless the launcher did; the others try until the time is over. Throws os_error, stopped.
Store open_store(const engine::RankPlace& place, const Deadline& deadline);

void put(const Store& store, const std::string& key, const Json& value);
Json take(const Store& store, const std::string& key);  // what is there

// A rank that has to leave before all have met says why; whoever waits for it throws that.
void say_leaving(const Store& store, const engine::RankPlace& place, const Error& failure);
void require_all_stay(const Store& store);

}  // namespace film::ranks

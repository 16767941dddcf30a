#pragma once
// Work on many items by several threads with results taken in order, so that output does not
// depend on threads.
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace film {

// Number of threads to use: `asked`, or all cores when 0.
inline int thread_count(int asked) {
  return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// make(i) runs for i = 0..n-1 on `threads` threads; take(i, result) runs on the calling thread, i ascending.
// At most 4 x threads results wait. An exception ends the work and is rethrown here; of several, always that
// of the smallest i, after take(0..i-1): errors do not depend on threads either.
template <class Make, class Take>
void parallel_in_order(std::size_t n, int threads, Make make, Take take) {
  struct Outcome {
    std::optional<decltype(make(std::size_t{}))> result;
    std::exception_ptr failure;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, Outcome> ready;
  std::size_t next = 0, taken = 0;
  std::size_t end = n;  // items from here on are not begun
  const std::size_t window = 4 * static_cast<std::size_t>(threads);

  const auto work = [&] {
    while (true) {
      std::size_t i = 0;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return next >= end || next < taken + window; });
        if (next >= end) return;
        i = next++;
      }
      Outcome outcome;
      try {
        outcome.result.emplace(make(i));
      } catch (...) {
        outcome.failure = std::current_exception();
      }
      {
        const std::lock_guard lock(mutex);
        if (outcome.failure) end = 0;  // smaller items are all begun by now and will still arrive
        ready.emplace(i, std::move(outcome));
      }
      changed.notify_all();
    }
  };

  std::vector<std::jthread> pool;  // joined first of all the locals, whatever happens
  try {
    for (std::size_t t = 0; t < std::min(n, static_cast<std::size_t>(threads)); ++t) pool.emplace_back(work);
    for (std::size_t i = 0; i < n; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return ready.contains(i); });
      Outcome outcome = std::move(ready.extract(i).mapped());
      lock.unlock();
      if (outcome.failure) std::rethrow_exception(outcome.failure);
      take(i, std::move(*outcome.result));
      lock.lock();
      taken = i + 1;
      changed.notify_all();
    }
  } catch (...) {
    {
      const std::lock_guard lock(mutex);
      end = 0;
    }
    changed.notify_all();
    throw;
  }
}

}  // namespace film

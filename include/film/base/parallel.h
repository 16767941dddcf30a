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
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "film/base/error.h"
#include "film/base/machine.h"

namespace film {

// Number of threads to use: `asked`, or all cores that this process may use when 0.
inline int thread_count(int asked) { return asked > 0 ? asked : usable_cores(); }

// Starts `work` on a further thread. False where the system refuses and others run already; os_error where none does.
template <class Work>
bool start_thread(std::vector<std::jthread>& pool, const Work& work) {
  try {
    pool.emplace_back(work);
    return true;
  } catch (const std::system_error& failure) {
    if (!pool.empty()) return false;
    throw os_error(std::string("the system refuses to start a thread: ") + failure.what(),
                   "raise the limit on processes (ulimit -u) or on memory (ulimit -v)");
  }
}

// make(i) runs for i = 0..n-1 on at most `threads` threads; take(i, result) runs on the calling thread, i ascending, and
// returns whether to go on: further items are then not begun, and results beyond are dropped. At most 4 x threads results
// wait. A thread is started when there is an item for it. An exception ends the work and is rethrown here; of several,
// always that of the smallest i, after take(0..i-1): errors do not depend on threads either.
template <class Make, class Take>
void parallel_in_order_while(std::size_t n, int threads, Make make, Take take) {
  struct Outcome {
    std::optional<decltype(make(std::size_t{}))> result;
    std::exception_ptr failure;
  };
  std::mutex mutex;
  // A maker waits for room, the taker for the next item. Each event wakes one of them: with many threads, waking all for
  // every item would cost more than the items.
  std::condition_variable room, arrived;
  std::map<std::size_t, Outcome> ready;
  std::size_t next = 0, taken = 0;
  std::size_t end = n;  // items from here on are not begun
  const std::size_t window = 4 * static_cast<std::size_t>(threads);
  std::size_t most = static_cast<std::size_t>(threads), started = 0;  // threads

  const auto work = [&] {
    while (true) {
      std::size_t i = 0;
      {
        std::unique_lock lock(mutex);
        room.wait(lock, [&] { return next >= end || next < taken + window; });
        if (next >= end) return;
        i = next++;
        if (started < most) arrived.notify_one();  // which may start another thread
      }
      Outcome outcome;
      try {
        outcome.result.emplace(make(i));
      } catch (...) {
        outcome.failure = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      if (outcome.failure) end = 0;  // smaller items are all begun by now and will still arrive
      ready.emplace(i, std::move(outcome));
      if (i == taken) arrived.notify_one();
    }
  };

  std::vector<std::jthread> pool;  // joined first of all the locals, whatever happens
  const auto end_work = [&] {
    {
      const std::lock_guard lock(mutex);
      end = 0;
    }
    room.notify_all();
  };
  try {
    for (std::size_t i = 0; i < n; ++i) {
      std::unique_lock lock(mutex);
      while (!ready.contains(i)) {
        const bool all_are_busy = next - i >= started;
        if (!all_are_busy || started == most || next >= end) {
          arrived.wait(lock);
          continue;
        }
        ++started;
        lock.unlock();
        const bool runs = start_thread(pool, work);
        lock.lock();
        if (!runs) most = --started;
      }
      Outcome outcome = std::move(ready.extract(i).mapped());
      lock.unlock();
      if (outcome.failure) std::rethrow_exception(outcome.failure);
      if (!take(i, std::move(*outcome.result))) break;
      lock.lock();
      taken = i + 1;
      lock.unlock();
      room.notify_one();
    }
  } catch (...) {
    end_work();
    throw;
  }
  end_work();
}

// The same to the end.
template <class Make, class Take>
void parallel_in_order(std::size_t n, int threads, Make make, Take take) {
  parallel_in_order_while(n, threads, make, [&](std::size_t i, auto&& result) {
    take(i, std::forward<decltype(result)>(result));
    return true;
  });
}

}  // namespace film

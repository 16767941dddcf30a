#pragma once
// Work on many items by several threads with results taken in order, so that output does not depend on threads.
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace film {

// Number of threads to use: `asked`, or all cores when 0.
inline int thread_count(int asked) {
  return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// make(i) runs for i = 0..n-1 on `threads` threads; take(i, result) runs on the calling thread, i ascending.
// At most 4 x threads results wait. The first exception ends the work and is rethrown here.
template <class Make, class Take>
void parallel_in_order(std::size_t n, int threads, Make make, Take take) {
  using Result = decltype(make(std::size_t{}));
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, Result> ready;
  std::size_t next = 0, taken = 0;
  std::exception_ptr failure;
  const std::size_t window = 4 * static_cast<std::size_t>(threads);

  const auto work = [&] {
    while (true) {
      std::size_t i = 0;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return failure || next >= n || next < taken + window; });
        if (failure || next >= n) return;
        i = next++;
      }
      try {
        Result result = make(i);
        const std::lock_guard lock(mutex);
        ready.emplace(i, std::move(result));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
      changed.notify_all();
    }
  };

  std::vector<std::jthread> pool;
  for (int t = 0; t < threads; ++t) pool.emplace_back(work);
  try {
    for (std::size_t i = 0; i < n; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return failure || ready.contains(i); });
      if (failure) break;
      auto node = ready.extract(i);
      lock.unlock();
      take(i, std::move(node.mapped()));
      lock.lock();
      taken = i + 1;
      changed.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = std::current_exception();
  }
  changed.notify_all();
  pool.clear();  // joins
  if (failure) std::rethrow_exception(failure);
}

}  // namespace film

// Work on many items, results in order: whatever the threads.
#include "film/base/parallel.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <memory>
#include <numeric>
#include <set>

#include "film/base/random.h"
#include "support.h"

namespace film {
namespace {

using std::chrono::microseconds;

std::vector<std::size_t> taken_in_order(std::size_t n, int threads) {
  std::vector<std::size_t> taken;
  parallel_in_order(
      n, threads,
      [](std::size_t i) {
        std::this_thread::sleep_for(microseconds(Random(1, "sleep", i).below(200)));
        return i * i;
      },
      [&](std::size_t i, std::size_t square) {
        EXPECT_EQ(square, i * i);
        taken.push_back(i);
      });
  return taken;
}

TEST(ParallelInOrder, TakesEveryItemOnceInOrder) {
  for (const std::size_t n : {0, 1, 3, 200})
    for (const int threads : {1, 2, 8}) {
      std::vector<std::size_t> expected(n);
      std::iota(expected.begin(), expected.end(), 0);
      EXPECT_EQ(taken_in_order(n, threads), expected) << n << " items, " << threads << " threads";
    }
}

TEST(ParallelInOrder, TakesOnTheCallingThread) {
  const auto caller = std::this_thread::get_id();
  parallel_in_order(
      50, 4, [](std::size_t i) { return std::make_unique<std::size_t>(i); },
      [&](std::size_t i, std::unique_ptr<std::size_t> made) {
        EXPECT_EQ(*made, i);
        EXPECT_EQ(std::this_thread::get_id(), caller);
      });
}

TEST(ParallelInOrder, TheWindowIsBounded) {
  constexpr int kThreads = 3;
  std::atomic<std::size_t> begun = 0;
  std::size_t taken = 0, furthest = 0;
  parallel_in_order(
      300, kThreads, [&](std::size_t) { return ++begun; },
      [&](std::size_t, std::size_t) {
        std::this_thread::sleep_for(microseconds(100));  // a slow taker: makers run ahead as far as they may
        furthest = std::max(furthest, begun - taken);
        ++taken;
      });
  EXPECT_LE(furthest, 4u * kThreads + 1);
  EXPECT_GT(furthest, kThreads) << "they do run ahead";
}

// What was taken before the failure, and the failure.
std::string run_failing(int threads, std::size_t make_fails_at, std::size_t take_fails_at) {
  std::string taken;
  const std::string failure = testing_base::failure_of([&] {
    parallel_in_order(
        100, threads,
        [&](std::size_t i) {
          // Later items fail sooner in time: still the smallest must be the one that is told.
          if (i >= make_fails_at) {
            std::this_thread::sleep_for(microseconds(i == make_fails_at ? 2000 : 0));
            throw bad_data("make " + std::to_string(i));
          }
          return i;
        },
        [&](std::size_t i, std::size_t) {
          if (i == take_fails_at) throw io_error("take " + std::to_string(i));
          taken += std::to_string(i) + " ";
        });
  });
  return taken + failure;
}

TEST(ParallelInOrder, ErrorsDoNotDependOnThreads) {
  for (const int threads : {1, 2, 8}) {
    EXPECT_EQ(run_failing(threads, 4, 1000), "0 1 2 3 65 make 4");
    EXPECT_EQ(run_failing(threads, 1000, 3), "0 1 2 74 take 3");
    EXPECT_EQ(run_failing(threads, 5, 2), "0 1 74 take 2");
    EXPECT_EQ(run_failing(threads, 2, 5), "0 1 65 make 2");
    EXPECT_EQ(run_failing(threads, 0, 0), "65 make 0");
    EXPECT_EQ(run_failing(threads, 99, 1000).substr(0, 6), "0 1 2 ");
  }
}

TEST(ParallelInOrder, StopsBeginningItemsAfterAFailure) {
  std::atomic<std::size_t> begun = 0;
  EXPECT_NE(testing_base::failure_of([&] {
              parallel_in_order(
                  100'000, 4,
                  [&](std::size_t i) {
                    ++begun;
                    if (i == 10) throw bad_data("ten");
                    return i;
                  },
                  [](std::size_t, std::size_t) {});
            }),
            "no error");
  EXPECT_LT(begun, 100u);
}

TEST(ParallelInOrderWhile, EndsWhereTheTakerSays) {
  for (const int threads : {1, 3, 128})
    for (const std::size_t last : {0, 1, 7, 90}) {
      std::vector<std::size_t> taken;
      std::atomic<std::size_t> begun = 0;
      parallel_in_order_while(
          std::numeric_limits<std::size_t>::max(), threads,
          [&](std::size_t i) {
            ++begun;
            return i;
          },
          [&](std::size_t i, std::size_t) {
            taken.push_back(i);
            return i != last;
          });
      EXPECT_EQ(taken.size(), last + 1);
      EXPECT_LE(begun, last + 1 + 4 * static_cast<std::size_t>(threads));
    }
}

// A thread that finds no item costs the time to start it, and is not started for items that others do in time.
TEST(ParallelInOrder, ThreadsBeyondTheItemsAreNotStarted) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  parallel_in_order(
      3, 1000,
      [&](std::size_t i) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        return i;
      },
      [](std::size_t, std::size_t) {});
  EXPECT_LE(threads.size(), 3U);
}

TEST(ParallelInOrder, AllThreadsThatAreAskedForWorkAtOnce) {
  constexpr int kThreads = 6;
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  parallel_in_order(
      kThreads, kThreads,
      [&](std::size_t i) {  // each item waits until all have begun: fewer threads would wait for ever
        std::unique_lock lock(mutex);
        ++inside;
        changed.notify_all();
        EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return inside == kThreads; }));
        return i;
      },
      [](std::size_t, std::size_t) {});
}

TEST(ThreadCount, AskedOrAll) {
  EXPECT_EQ(thread_count(3), 3);
  EXPECT_GE(thread_count(0), 1);
}

}  // namespace
}  // namespace film

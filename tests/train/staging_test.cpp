// The schedule of chunks over queues that run at their own pace: the right result in every order that the events allow,
// and a wrong one as soon as one event is forgotten.
#include "train/staging.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "film/base/random.h"

namespace film::train {
namespace {

// Queues of work, and events that count how often they were recorded and how far that is done. `forget`: waits of this
// queue for this mark are lost.
class Queues {
 public:
  Queues(std::int64_t chunks, std::optional<std::pair<Queue, Mark>> forget = {})
      : far(static_cast<std::size_t>(chunks)), forget_(forget) {
    for (std::size_t i = 0; i < far.size(); ++i) far[i] = static_cast<int>(i);
  }

  void read(std::int64_t chunk, std::size_t buffer) {
    push(Queue::reads, [=, this] { near[buffer] = far[static_cast<std::size_t>(chunk)]; });
  }
  void step(std::int64_t, std::size_t buffer) {
    push(Queue::steps, [=, this] { near[buffer] = near[buffer] * 2 + 1; });
  }
  void write(std::int64_t chunk, std::size_t buffer) {
    push(Queue::writes, [=, this] { far[static_cast<std::size_t>(chunk)] = near[buffer]; });
  }
  void record(Queue queue, Mark mark, std::size_t buffer) {
    const int number = ++recorded_[{mark, buffer}];
    push(queue, [=, this] { reached_[{mark, buffer}] = number; });
  }
  void wait(Queue queue, Mark mark, std::size_t buffer) {
    if (forget_ == std::pair{queue, mark}) return;
    EXPECT_GT((recorded_[{mark, buffer}]), 0) << "an event that was never recorded holds nobody";
    const int number = recorded_[{mark, buffer}];
    work_[queue].push_back({[=, this] { return reached_[{mark, buffer}] >= number; }, [] {}});
  }

  // Everything that was queued, the next piece of work of a queue drawn at random.
  void run(std::uint64_t seed) {
    Random random(seed, "queues");
    std::map<Queue, std::size_t> at;
    for (int idle = 0; idle < 10000; ++idle) {
      const auto queue = static_cast<Queue>(random.below(3));
      auto& list = work_[queue];
      if (at[queue] == list.size() || !list[at[queue]].ready()) continue;
      list[at[queue]++].run();
      idle = 0;
    }
    for (const auto& [queue, list] : work_) EXPECT_EQ(at[queue], list.size()) << "stuck";
  }

  std::vector<int> far;
  int near[2] = {-1, -1};

 private:
  struct Work {
    std::function<bool()> ready;
    std::function<void()> run;
  };
  void push(Queue queue, std::function<void()> run) {
    work_[queue].push_back({[] { return true; }, std::move(run)});
  }

  std::optional<std::pair<Queue, Mark>> forget_;
  std::map<Queue, std::vector<Work>> work_;
  std::map<std::pair<Mark, std::size_t>, int> recorded_, reached_;
};

bool right(std::int64_t chunks, std::uint64_t seed, std::optional<std::pair<Queue, Mark>> forget = {}) {
  Queues queues(chunks, forget);
  stage_chunks(queues, chunks);
  queues.run(seed);
  for (std::size_t i = 0; i < queues.far.size(); ++i)
    if (queues.far[i] != static_cast<int>(i) * 2 + 1) return false;
  return true;
}

TEST(Staging, RightInEveryOrder) {
  for (const std::int64_t chunks : {1, 2, 3, 4, 9})
    for (std::uint64_t seed = 0; seed < 60; ++seed) EXPECT_TRUE(right(chunks, seed)) << chunks << " " << seed;
}

TEST(Staging, EveryEventIsNeeded) {
  for (const auto& forgotten :
       {std::pair{Queue::reads, Mark::written}, {Queue::steps, Mark::filled}, {Queue::writes, Mark::used}}) {
    int wrong = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) wrong += right(9, seed, forgotten) ? 0 : 1;
    EXPECT_GT(wrong, 0) << static_cast<int>(forgotten.second);
  }
}

}  // namespace
}  // namespace film::train

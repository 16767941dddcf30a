#pragma once
// Whether all ranks of a run are alive, beside the library that exchanges tensors: a thread in every process, one TCP
// connection from each rank to rank 0. When a rank is gone, silent, has failed or keeps the others waiting for too long,
// all processes end, and the culprit is named.
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "film/base/error.h"
#include "line_socket.h"

namespace film::ranks {

using Clock = std::chrono::steady_clock;

struct WatchTimes {
  std::chrono::milliseconds lost{}, slow{};
  // Between two signs of life.
  std::chrono::milliseconds beat() const;
};

// Ends this process; called in the watch's thread. An Error without words: rank 0 says what there is to say.
using EndProcess = std::function<void(const Error&)>;

inline constexpr std::int64_t kBetweenAll = 1 << 20;

// What the threads of one process know of it.
struct WatchState {
  // Exchanges that the main thread has entered. Whether all ranks are in the same one can be seen from it although some
  // groups of ranks have more to exchange than others: one of all ranks goes on to the next multiple of kBetweenAll.
  std::atomic<std::int64_t> arrived = 0;
  std::atomic<bool> waiting = false;  // it is in one
  std::atomic<int> stop = 0;          // the signal that some rank was sent
  std::atomic<bool> over = false;     // nothing is judged any more
};

// One end of the connections.
class WatchSide {
 public:
  virtual ~WatchSide() = default;
  // Waits for at most one beat, hears, speaks, judges. The error that ends the run, once there is one.
  virtual std::unique_ptr<Error> turn() = 0;
  virtual void tell_failure(const Error& failure) = 0;
  virtual void say_goodbye() = 0;
};
// names: of all ranks, for messages ("rank 1 on node7 (process 4242)"). members: of ranks 1, 2 …
std::unique_ptr<WatchSide> hub_side(std::vector<LineSocket> members, std::vector<std::string> names,
                                    WatchTimes times, WatchState& state);
std::unique_ptr<WatchSide> member_side(LineSocket hub, std::vector<std::string> names, WatchTimes times,
                                       WatchState& state);

class Watch {
 public:
  using MakeSide = std::function<std::unique_ptr<WatchSide>(WatchState&)>;
  Watch(const MakeSide& side, EndProcess end);
  ~Watch();  // says goodbye: this process has ended in good order

  // Around everything in which the main thread waits for other ranks: for all of them, or for some.
  enum class With { some, all };
  void enter(With whom);
  void leave() { state_.waiting = false; }
  int stop_signal() const { return state_.stop; }
  // All ranks end with this process's failure.
  void tell_failure(const Error& failure);
  // An exchange broke: the watch ends the process as soon as it knows why. Returns where it does not.
  void wait_for_verdict(std::chrono::milliseconds within) const;

 private:
  void run();
  WatchState state_;
  std::unique_ptr<WatchSide> side_;
  EndProcess end_;
  std::jthread thread_;
};

}  // namespace film::ranks

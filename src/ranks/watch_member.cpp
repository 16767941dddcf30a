// The end of every other rank: tells rank 0 that it lives, and ends when rank 0 says so or is lost.
#include <poll.h>

#include "watch.h"
#include "watch_words.h"

namespace film::ranks {
namespace {

class Member : public WatchSide {
 public:
  Member(LineSocket hub, std::vector<std::string> names, WatchTimes times, WatchState& state)
      : hub_(std::move(hub)),
        name_(std::move(names.at(0))),
        times_(times),
        state_(state),
        heard_(Clock::now()),
        turned_(heard_) {}

  std::unique_ptr<Error> turn() override {
    pollfd entry{hub_.descriptor(), POLLIN, 0};
    ::poll(&entry, left_ ? 0 : 1, static_cast<int>(times_.beat().count()));
    const Clock::time_point now = Clock::now();
    if (now - turned_ > times_.lost / 2) heard_ = now;  // as in the hub
    turned_ = now;
    if (auto failure = hear()) return failure;
    speak(now);
    if (now - heard_ <= times_.lost || left_) return nullptr;
    return std::make_unique<Error>(
        silent_rank(name_, std::chrono::duration_cast<std::chrono::milliseconds>(now - heard_)));
  }

  void tell_failure(const Error& failure) override { hub_.send(failure_line(failure)); }
  void say_goodbye() override { hub_.send(R"({"bye":true})"); }

 private:
  std::unique_ptr<Error> hear() {
    if (left_) return nullptr;
    std::vector<std::string> lines;
    const bool open = hub_.receive(lines);
    for (const std::string& line : lines) {
      heard_ = Clock::now();
      const Json message = parse_json(line, name_);
      if (message.contains("failed")) return std::make_unique<Error>(failure_of(message));
      if (message.contains("stop") && state_.stop == 0) state_.stop = message["stop"].get<int>();
      if (message.contains("bye")) left_ = true;
    }
    return open || left_ ? nullptr : std::make_unique<Error>(closed_connection(name_));
  }

  // At every beat, not for every line that came.
  void speak(Clock::time_point now) {
    if (now - spoke_ < times_.beat() / 2 && state_.stop == told_) return;
    spoke_ = now;
    hub_.send(to_line({{"beat", {state_.arrived.load(), state_.waiting.load()}}}));
    if (state_.stop != told_) hub_.send(to_line({{"stop", state_.stop.load()}}));
    told_ = state_.stop;
  }

  LineSocket hub_;
  std::string name_;
  WatchTimes times_;
  WatchState& state_;
  Clock::time_point heard_, turned_, spoke_;
  int told_ = 0;
  bool left_ = false;  // rank 0 has said goodbye
};

}  // namespace

std::unique_ptr<WatchSide> member_side(LineSocket hub, std::vector<std::string> names, WatchTimes times,
                                       WatchState& state) {
  return std::make_unique<Member>(std::move(hub), std::move(names), times, state);
}

}  // namespace film::ranks

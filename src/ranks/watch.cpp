#include "watch.h"

#include <algorithm>

#include "film/base/signals.h"

namespace film::ranks {

std::chrono::milliseconds WatchTimes::beat() const {
  return std::clamp(lost / 10, std::chrono::milliseconds(20), std::chrono::milliseconds(250));
}

Watch::Watch(const MakeSide& side, EndProcess end)
    : side_(side(state_)), end_(std::move(end)), thread_([this] { run(); }) {}

Watch::~Watch() {
  if (!state_.over.exchange(true)) side_->say_goodbye();
  thread_.join();
}

void Watch::run() {
  while (!state_.over) {
    if (const int signal = film::stop_signal(); signal != 0 && state_.stop == 0) state_.stop = signal;
    const std::unique_ptr<Error> failure = side_->turn();
    if (failure && !state_.over.exchange(true)) end_(*failure);
  }
}

void Watch::enter(With whom) {
  const std::int64_t arrived = state_.arrived;
  state_.arrived = whom == With::all ? (arrived / kBetweenAll + 1) * kBetweenAll : arrived + 1;
  state_.waiting = true;
}

void Watch::tell_failure(const Error& failure) {
  if (!state_.over.exchange(true)) side_->tell_failure(failure);
}

void Watch::wait_for_verdict(std::chrono::milliseconds within) const {
  const Clock::time_point end = Clock::now() + within;
  while (Clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace film::ranks

// Rank 0's end: hears all others, judges, tells everybody.
#include <poll.h>

#include <algorithm>
#include <mutex>

#include "film/base/strings.h"
#include "watch.h"
#include "watch_words.h"

namespace film::ranks {
namespace {

// What is known of a rank; the first is this process.
struct Seen {
  std::string name;
  Clock::time_point heard, since;  // since: when it entered its newest exchange
  std::int64_t arrived = 0;
  bool waiting = false, gone = false;  // gone: in good order

  void update(std::int64_t now_arrived, bool now_waiting) {
    heard = Clock::now();
    if (now_arrived != arrived) since = heard;
    arrived = now_arrived;
    waiting = now_waiting;
  }
};

class Hub : public WatchSide {
 public:
  Hub(std::vector<LineSocket> members, std::vector<std::string> names, WatchTimes times, WatchState& state)
      : members_(std::move(members)), times_(times), state_(state), turned_(Clock::now()) {
    for (std::string& name : names) seen_.push_back({std::move(name), turned_, turned_});
  }

  std::unique_ptr<Error> turn() override {
    wait();
    const std::lock_guard lock(mutex_);
    wake();
    std::unique_ptr<Error> failure = hear();
    seen_[0].update(state_.arrived, state_.waiting);
    if (!failure) failure = judge();
    if (failure) {
      send_all(failure_line(Error(failure->code(), "")));
      return failure;
    }
    send_all(R"({"beat":true})");
    if (state_.stop != 0) send_all(to_line({{"stop", state_.stop.load()}}));
    return nullptr;
  }

  void tell_failure(const Error& failure) override {
    const std::lock_guard lock(mutex_);
    send_all(failure_line(Error(failure.code(), "")));
  }
  void say_goodbye() override {
    const std::lock_guard lock(mutex_);
    send_all(R"({"bye":true})");
  }

 private:
  void wait() {
    std::vector<pollfd> entries;
    for (std::size_t i = 0; i < members_.size(); ++i)
      if (!seen_[i + 1].gone) entries.push_back({members_[i].descriptor(), POLLIN, 0});
    ::poll(entries.data(), entries.size(), static_cast<int>(times_.beat().count()));
  }

  // A process that was itself stopped for long, with its whole job perhaps, has heard nobody meanwhile.
  void wake() {
    const Clock::time_point now = Clock::now();
    if (now - turned_ > times_.lost / 2)
      for (Seen& seen : seen_) seen.heard = seen.since = now;
    turned_ = now;
  }

  std::unique_ptr<Error> hear() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      Seen& seen = seen_[i + 1];
      if (seen.gone) continue;
      std::vector<std::string> lines;
      const bool open = members_[i].receive(lines);
      for (const std::string& line : lines)
        if (auto failure = take(seen, line)) return failure;
      if (!open && !seen.gone) return std::make_unique<Error>(closed_connection(seen.name));
    }
    return nullptr;
  }

  std::unique_ptr<Error> take(Seen& seen, const std::string& line) {
    const Json message = parse_json(line, seen.name);
    if (message.contains("failed"))
      return std::make_unique<Error>(failed_rank(seen.name, failure_of(message)));
    if (message.contains("bye")) seen.gone = true;
    if (message.contains("stop") && state_.stop == 0) state_.stop = message["stop"].get<int>();
    if (message.contains("beat"))
      seen.update(message["beat"].at(0).get<std::int64_t>(), message["beat"].at(1).get<bool>());
    return nullptr;
  }

  std::unique_ptr<Error> judge() const {
    const Clock::time_point now = Clock::now();
    for (const Seen& seen : seen_)
      if (!seen.gone && now - seen.heard > times_.lost)
        return std::make_unique<Error>(
            silent_rank(seen.name, std::chrono::duration_cast<std::chrono::milliseconds>(now - seen.heard)));
    return judge_pace(now);
  }

  // Where some have waited for too long: those that keep them waiting wait for nobody themselves. They have entered fewer
  // exchanges than others, or none for as long; groups of ranks exchange unequally often, so either may be missing.
  std::unique_ptr<Error> judge_pace(Clock::time_point now) const {
    std::int64_t farthest = 0;
    Clock::time_point since = now;
    for (const Seen& seen : seen_) {
      if (seen.gone) continue;
      farthest = std::max(farthest, seen.arrived);
      if (seen.waiting) since = std::min(since, seen.since);
    }
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(now - since);
    if (wait <= times_.slow) return nullptr;
    std::vector<std::string> to_blame;
    bool all_wait = true;
    for (const Seen& seen : seen_) {
      if (seen.gone || seen.waiting) continue;
      all_wait = false;
      if (seen.arrived < farthest || now - seen.since > times_.slow) to_blame.push_back(seen.name);
    }
    if (all_wait) return std::make_unique<Error>(stuck_exchange(wait));
    return to_blame.empty() ? nullptr : std::make_unique<Error>(slow_ranks(join(to_blame, ", "), wait));
  }

  void send_all(const std::string& line) {
    for (std::size_t i = 0; i < members_.size(); ++i)
      if (!seen_[i + 1].gone) members_[i].send(line);  // whoever does not take it is found silent or gone
  }

  std::vector<LineSocket> members_;
  std::vector<Seen> seen_;
  WatchTimes times_;
  WatchState& state_;
  Clock::time_point turned_;
  std::mutex mutex_;  // the main thread says the last word
};

}  // namespace

std::unique_ptr<WatchSide> hub_side(std::vector<LineSocket> members, std::vector<std::string> names,
                                    WatchTimes times, WatchState& state) {
  return std::make_unique<Hub>(std::move(members), std::move(names), times, state);
}

}  // namespace film::ranks

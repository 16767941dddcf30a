#include "watch_words.h"

#include <fmt/format.h>

namespace film::ranks {
namespace {

constexpr const char* kResume = "the same command resumes from the last checkpoint";

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

}  // namespace

std::string failure_line(const Error& failure) {
  return to_line({{"failed",
                   {{"code", static_cast<int>(failure.code())},
                    {"message", failure.what()},
                    {"hint", failure.hint()}}}});
}

Error failure_of(const Json& message) {
  const Json& failed = message.at("failed");
  return {static_cast<ExitCode>(failed.value("code", 70)), failed.value("message", ""),
          failed.value("hint", "")};
}

Error closed_connection(const std::string& rank) {
  return os_error(rank + " is gone: its process ended without a word",
                  std::string("its own log, or the system's, says why (killed, out of memory); ") + kResume);
}

Error silent_rank(const std::string& rank, std::chrono::milliseconds silence) {
  return os_error(
      fmt::format("{} is lost: nothing was heard of it for {:.1f} s (ranks.lost_after)", rank,
                  seconds(silence)),
      std::string("is the process stopped, its node down, or the network between the nodes? ") + kResume);
}

Error slow_ranks(const std::string& ranks, std::chrono::milliseconds wait) {
  return os_error(
      fmt::format("{} kept the others waiting for {:.1f} s (ranks.slow_after)", ranks, seconds(wait)),
      std::string("is its node or disk slower than the others'? If steps take that long, raise "
                  "ranks.slow_after; ") +
          kResume);
}

Error stuck_exchange(std::chrono::milliseconds wait) {
  return os_error(
      fmt::format("an exchange in which all ranks wait took more than {:.1f} s (ranks.slow_after)",
                  seconds(wait)),
      std::string("does the network between the nodes work? ") + kResume);
}

Error failed_rank(const std::string& rank, const Error& failure) {
  return {failure.code(), fmt::format("{} ended the run: {}", rank, failure.what()), failure.hint()};
}

}  // namespace film::ranks

#pragma once
// A progress bar with rate and time left on one line of a terminal, however narrow; elsewhere one plain line every 30 seconds. On stderr; nothing
// when only warnings are wanted (-q).
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/format.h"

namespace film {

class Progress {
 public:
  // `unit` is what is counted, in the plural ("documents"). total 0 = unknown.
  Progress(std::string label, std::uint64_t total, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // So much was done before: it counts for the place, not for the rate.
  void begin_at(std::uint64_t done);
  void advance(std::uint64_t count = 1);
  void note(std::string text);  // shown behind the bar: "loss 2.31"
  void finish();                // leaves a line with the count and the duration

 private:
  using Clock = std::chrono::steady_clock;
  void show(bool last);
  std::vector<std::string> parts(bool last) const;
  double fraction() const;
  std::string text(bool last) const;
  std::string label_, unit_, note_;
  std::uint64_t total_, done_ = 0, begun_at_ = 0;
  Clock::time_point start_, shown_;
  bool terminal_, finished_ = false;
};

}  // namespace film

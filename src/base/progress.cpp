#include "film/base/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "film/base/format.h"
#include "film/base/log.h"

namespace film {
namespace {

constexpr auto kTerminalInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(30);
constexpr int kBarCells = 24;

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      start_(Clock::now()),
      shown_(start_),
      terminal_(stderr_is_terminal()) {}

Progress::~Progress() {
  if (!finished_ && terminal_ && done_ > 0 && info_wanted()) std::fputs("\n", stderr);
}

void Progress::advance(std::uint64_t count) {
  done_ += count;
  const auto interval = terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kPlainInterval);
  if (Clock::now() - shown_ >= interval) show(false);
}

void Progress::note(std::string text) { note_ = std::move(text); }

void Progress::finish() {
  finished_ = true;
  show(true);
}

std::string Progress::text(bool last) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  const std::string note = note_.empty() ? "" : " · " + note_;
  const std::string speed = fmt::format("{:.{}f} {}/s", rate, rate < 10 ? 2 : 0, unit_);
  if (last)
    return fmt::format("{}: {} {} in {} ({}){}", label_, grouped(done_), unit_, duration_text(seconds), speed,
                       note);
  if (total_ == 0) return fmt::format("{}: {} {} · {}{}", label_, grouped(done_), unit_, speed, note);
  const double fraction = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const std::string left =
      rate > 0 ? duration_text(static_cast<double>(total_ - std::min(total_, done_)) / rate) : "?";
  const std::string cells = terminal_ ? bar(fraction, kBarCells, "░") + " " : "";
  return fmt::format("{}: {}{:3.0f} % · {}/{} {} · {} · {} left{}", label_, cells, 100 * fraction,
                     grouped(done_), grouped(total_), unit_, speed, left, note);
}

void Progress::show(bool last) {
  shown_ = Clock::now();
  if (!info_wanted()) return;
  if (terminal_)
    fmt::print(stderr, "\r\x1b[K{}{}", text(last), last ? "\n" : "");
  else
    fmt::print(stderr, "{}\n", text(last));
}

}  // namespace film

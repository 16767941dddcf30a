#include "film/base/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "film/base/log.h"

namespace film {
namespace {

constexpr auto kTerminalInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(30);
constexpr int kBarCells = 24;

std::string bar(double share) {
  const int full = static_cast<int>(std::lround(share * kBarCells));
  std::string text;
  for (int i = 0; i < kBarCells; ++i) text += i < full ? "█" : "░";
  return text;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto s = static_cast<std::int64_t>(std::llround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

Progress::Progress(std::string label, std::uint64_t total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      start_(Clock::now()),
      shown_(start_),
      terminal_(stderr_is_terminal()) {}

Progress::~Progress() {
  if (!finished_ && terminal_ && done_ > 0) std::fputs("\n", stderr);
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
  const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const std::string left =
      rate > 0 ? duration_text(static_cast<double>(total_ - std::min(total_, done_)) / rate) : "?";
  return fmt::format("{}: {}{:3.0f} % · {}/{} {} · {} · {} left{}", label_, terminal_ ? bar(share) + " " : "",
                     100 * share, grouped(done_), grouped(total_), unit_, speed, left, note);
}

void Progress::show(bool last) {
  shown_ = Clock::now();
  if (terminal_)
    fmt::print(stderr, "\r\x1b[K{}{}", text(last), last ? "\n" : "");
  else
    fmt::print(stderr, "{}\n", text(last));
}

}  // namespace film

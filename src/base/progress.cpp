#include "film/base/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/strings.h"
#include "film/base/terminal.h"

namespace film {
namespace {

constexpr auto kTerminalInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(30);
constexpr int kBarCells = 24, kLeastCells = 6;

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit)
    : label_(printable(label)),
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

void Progress::note(std::string text) { note_ = printable(text); }

void Progress::finish() {
  finished_ = true;
  show(true);
}

void Progress::begin_at(std::uint64_t done) { done_ = begun_at_ = done; }

// What is said, the most important first: a narrow terminal shows as much of it as fits on one line.
std::vector<std::string> Progress::parts(bool last) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_ - begun_at_) / seconds : 0;
  const std::string speed = fmt::format("{:.{}f} {}/s", rate, rate < 10 ? 2 : 0, unit_);
  std::vector<std::string> parts;
  if (last) {
    parts = {
        fmt::format("{} {} in {} ({})", grouped(done_ - begun_at_), unit_, duration_text(seconds), speed)};
  } else if (total_ == 0) {
    parts = {fmt::format("{} {}", grouped(done_), unit_), speed};
  } else {
    const std::string left =
        rate > 0 ? duration_text(static_cast<double>(total_ - std::min(total_, done_)) / rate) : "?";
    parts = {fmt::format("{:3.0f} %", 100 * fraction()),
             fmt::format("{}/{} {}", grouped(done_), grouped(total_), unit_), speed, left + " left"};
  }
  if (!note_.empty()) parts.push_back(note_);
  return parts;
}

double Progress::fraction() const {
  return total_ == 0 ? 0 : std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
}

std::string Progress::text(bool last) const {
  const std::vector<std::string> list = parts(last);
  if (!terminal_) return label_ + ": " + join(list, " · ");
  if (last) return wrapped(label_ + ": " + join(list, " · "), terminal_columns(), 2, 0);
  const int columns = terminal_columns() - 1;  // a character in the last column may wrap the line
  std::string line = label_ + ": " + list.front();
  for (std::size_t i = 1; i < list.size(); ++i)
    if (columns_of(line) + 3 + columns_of(list[i]) <= columns) line += " · " + list[i];
  // The bar takes what is left.
  const int room = std::min(kBarCells, columns - columns_of(line) - 1);
  if (total_ > 0 && room >= kLeastCells) line.insert(label_.size() + 2, bar(fraction(), room, "░") + " ");
  return fitted(line, columns);
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

#include "film/base/format.h"

#include <fmt/format.h>

#include <cmath>

namespace film {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string gibibytes_text(std::uint64_t bytes) {
  return fmt::format("{:.2f} GiB", static_cast<double>(bytes) / (1ull << 30));
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string duration_text(double seconds) {
  if (seconds > 0 && seconds < 0.05) return "< 0.1 s";
  if (seconds > 0 && seconds < 0.95) return fmt::format("{:.1f} s", seconds);
  const auto s = static_cast<std::int64_t>(std::llround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string bar(double fraction, int cells, std::string_view empty) {
  const auto full = std::lround(fraction * cells);
  std::string text;
  for (int i = 0; i < cells; ++i) text += i < full ? "█" : empty;
  return text;
}

}  // namespace film

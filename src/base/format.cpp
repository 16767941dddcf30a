#include "film/base/format.h"

#include <fmt/format.h>

#include <cmath>

namespace film {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string duration_text(double seconds) {
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

#include "numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "film/base/as_number.h"
#include "film/base/format.h"
#include "film/base/terminal.h"

namespace film::report {
namespace {

constexpr const char* kMinus = "\u2212";

std::string true_minus(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, kMinus);
  return text;
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string fixed(double value, int decimals) {
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text.starts_with('-') ? text.substr(1) : text;
}

std::string signed_fixed(double value, int decimals) {
  const std::string text = fixed(value, decimals);
  if (text.find_first_not_of("0.") == std::string::npos) return text;
  return text.starts_with('-') ? true_minus(text) : "+" + text;
}

std::string interval_text(double low, double high) {
  return "[" + true_minus(fixed(low, 1)) + ", " + true_minus(fixed(high, 1)) + "]";
}

std::string tick_text(double value, double step) {
  if (std::abs(value) < step * 1e-6) return "0";
  if (step >= 1e6) return true_minus(without_trailing_zeros(fmt::format("{:.2f}", value / 1e6))) + "M";
  if (step >= 1e3) return true_minus(without_trailing_zeros(fmt::format("{:.2f}", value / 1e3))) + "k";
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  if (decimals <= 4) return true_minus(without_trailing_zeros(fmt::format("{:.{}f}", value, decimals + 1)));
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  const std::string digits = without_trailing_zeros(fmt::format("{:.2f}", value / std::pow(10.0, exponent)));
  return true_minus(digits) + "e" + true_minus(std::to_string(exponent));
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

std::string plain(const Json& value) { return value.is_string() ? value.get<std::string>() : to_line(value); }

std::string file_name(const std::string& text) {
  constexpr std::size_t kLongest = 80;  // file systems take 255
  std::string name;
  for (const char c : text.substr(0, kLongest)) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool kept = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || low == '-';
    if (kept || !name.ends_with('_')) name += kept ? low : '_';
  }
  return name.empty() ? "_" : name;
}

std::string short_number(const std::string& field) {
  const auto value = as_number<double>(field);
  if (!value) return field;
  const std::string text = fmt::format("{:.4g}", *value);
  return true_minus(
      text.find('e') == std::string::npos || std::abs(*value) < 1 ? text : fmt::format("{:.0f}", *value));
}

}  // namespace film::report

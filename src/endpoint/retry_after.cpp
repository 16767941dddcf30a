#include "retry_after.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>

#include "film/base/strings.h"

namespace film::endpoint {
namespace {

// Reads a plain decimal number off the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || value < 0) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<double> take_unit(std::string_view& text) {
  const auto unit = [&](std::string_view name) {
    if (!text.starts_with(name)) return false;
    text.remove_prefix(name.size());
    return true;
  };
  if (unit("ms")) return 1e-3;
  if (unit("us") || unit("µs")) return 1e-6;
  if (unit("s")) return 1;
  if (unit("m")) return 60;
  if (unit("h")) return 3600;
  if (unit("d")) return 86400;
  return {};
}

}  // namespace

std::optional<double> duration_seconds(std::string_view text) {
  text = trim(text);
  double seconds = 0;
  bool first = true;
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return {};
    if (text.empty() && first) return *number;
    const auto unit = take_unit(text);
    if (!unit) return {};
    seconds += *number * *unit;
    first = false;
  }
  return first ? std::nullopt : std::optional(seconds);
}

std::optional<double> retry_after(const ReplyHeaders& headers) {
  if (const auto ms = duration_seconds(header(headers, "retry-after-ms"))) return *ms / 1000;
  const std::string text = header(headers, "retry-after");
  if (const auto seconds = duration_seconds(text)) return seconds;
  const std::time_t date = text.empty() ? -1 : curl_getdate(text.c_str(), nullptr);
  if (date < 0) return {};
  std::time_t now = curl_getdate(header(headers, "date").c_str(), nullptr);
  if (now < 0) now = std::time(nullptr);
  return std::max(0.0, std::difftime(date, now));
}

}  // namespace film::endpoint

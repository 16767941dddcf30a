#include "film/base/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include "film/base/strings.h"
#include "film/base/unicode.h"

namespace film {
namespace {

constexpr int kUsualColumns = 80;

bool turns_direction(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_control(char32_t c) { return (c < ' ' && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0); }

int columns_of(char32_t c) {
  if (c < 0x300) return 1;
  const auto point = static_cast<UChar32>(c);
  const auto type = u_charType(point);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (is_control(c.value) && c.value < 0x80)
      shown += fmt::format("\\x{:02x}", static_cast<unsigned>(c.value));
    else if (is_control(c.value) || turns_direction(c.value))
      shown += fmt::format("\\u{:04x}", static_cast<unsigned>(c.value));
    else
      append_utf8(shown, c.value);
    at += c.size;
  }
  return shown;
}

int columns_of(std::string_view text) {
  int columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    columns += columns_of(c.value);
    at += c.size;
  }
  return columns;
}

std::string fitted(std::string_view text, int columns) {
  if (columns_of(text) <= columns) return std::string(text);
  int used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint c = code_point_at(text, at);
    if (used + columns_of(c.value) > columns - 1) break;
    used += columns_of(c.value);
    at += c.size;
  }
  return columns > 0 ? std::string(text.substr(0, at)) + "…" : "";
}

std::string wrapped(std::string_view text, int columns, int indent, int begin) {
  std::string lines;
  int column = begin;
  bool first = true;
  for (const std::string_view word : split(text, " ")) {
    const int width = columns_of(word);
    const bool fits = first || column + 1 + width <= columns;
    if (!first) lines += fits ? " " : "\n" + std::string(static_cast<std::size_t>(indent), ' ');
    column = (fits ? column + (first ? 0 : 1) : indent) + width;
    lines += word;
    first = false;
  }
  return lines;
}

int terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

}  // namespace film

#include "put.h"

#include <fmt/format.h>

#include <cstdio>

#include "film/base/terminal.h"
#include "film/base/unicode.h"

namespace film::cli {
namespace {

// Such characters stand only in strings, where an escape of four digits means the same.
std::string with_escapes(std::string_view json) {
  std::string text;
  for (std::size_t at = 0; at < json.size();) {
    const CodePoint c = code_point_at(json, at);
    const std::string_view bytes = json.substr(at, c.size);
    if (c.value == '\n' || printable(bytes) == bytes)
      text += bytes;
    else
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(c.value));
    at += c.size;
  }
  return text;
}

}  // namespace

void put_text(std::string_view text) { std::fputs(printable(text).c_str(), stdout); }

void put_json(const Json& value) { std::fputs(with_escapes(to_pretty(value)).c_str(), stdout); }

}  // namespace film::cli

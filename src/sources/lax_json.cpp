#include "lax_json.h"

#include <charconv>

#include "film/base/unicode.h"

namespace film::sources {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(" \t\r\n", at);
  return found == kNone ? text.size() : found;
}

// `at` is a quote; returns the place behind the closing one, or kNone.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; (at = text.find_first_of("\"\\", at)) != kNone; at += 2)
    if (text[at] == '"') return at + 1;
  return kNone;
}

// `at` is a bracket or brace. No recursion: depth is bounded by the text alone.
std::size_t behind_nested(std::string_view text, std::size_t at) {
  std::string open;  // the closing marks that are due
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = behind_string(text, at);
      if (at == kNone) return kNone;
      continue;
    }
    if (c == '{' || c == '[') open += c == '{' ? '}' : ']';
    if (c == '}' || c == ']') {
      if (open.empty() || open.back() != c) return kNone;
      open.pop_back();
      if (open.empty()) return at + 1;
    }
    at = text.find_first_of("\"{}[]", at + 1);
  }
  return kNone;
}

std::size_t behind_value(std::string_view text, std::size_t at) {
  if (at >= text.size()) return kNone;
  if (text[at] == '"') return behind_string(text, at);
  if (text[at] == '{' || text[at] == '[') return behind_nested(text, at);
  const std::size_t end = std::min(text.find_first_of(",]}\" \t\r\n", at), text.size());
  return end == at ? kNone : end;
}

// Calls take(at) for every item between the marks that `text` begins and ends with; take returns the place behind its
// item, or kNone. Whether all of it fits together.
template <class Take>
bool for_each_item(std::string_view text, char open, char close, Take take) {
  std::size_t at = behind_blanks(text, 0);
  if (at == text.size() || text[at] != open) return false;
  at = behind_blanks(text, at + 1);
  while (at < text.size() && text[at] != close) {
    at = take(at);
    if (at == kNone) return false;
    at = behind_blanks(text, at);
    if (at < text.size() && text[at] == ',')
      at = behind_blanks(text, at + 1);
    else if (at == text.size() || text[at] != close)
      return false;
  }
  if (at == text.size()) return false;
  at = behind_blanks(text, at + 1);
  if (at < text.size() && text[at] == ',')
    at = behind_blanks(text, at + 1);  // of an array printed line by line
  return at == text.size();
}

std::optional<unsigned> hex4(std::string_view text, std::size_t at) {
  if (text.size() < at + 4) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
  return error == std::errc() && end == text.data() + at + 4 ? std::optional(value) : std::nullopt;
}

// Takes escapes apart.
class StringDecoder {
 public:
  explicit StringDecoder(std::string_view body) : body_(body) {}

  std::optional<LaxString> run() {
    while (at_ < body_.size()) {
      if (body_[at_] != '\\')
        read_.text += body_[at_++];
      else if (!escape())
        return std::nullopt;
    }
    return std::move(read_);
  }

 private:
  bool escape() {
    constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const char name = at_ + 1 < body_.size() ? body_[at_ + 1] : '\0';
    at_ += 2;
    if (name == 'u') return unicode();
    const std::size_t which = kNames.find(name);
    if (which == kNone) return false;
    read_.text += kMeanings[which];
    return true;
  }

  bool unicode() {
    const std::optional<unsigned> unit = hex4(body_, at_);
    if (!unit) return false;
    at_ += 4;
    char32_t value = *unit;
    if (value >= 0xD800 && value < 0xDC00 && body_.substr(at_, 2) == "\\u")
      if (const auto low = hex4(body_, at_ + 2); low && *low >= 0xDC00 && *low < 0xE000) {
        value = 0x10000 + ((value - 0xD800) << 10) + (*low - 0xDC00);
        at_ += 6;
      }
    const bool half = value >= 0xD800 && value < 0xE000;
    read_.replaced = read_.replaced || half;
    append_utf8(read_.text, half ? kReplacement : value);
    return true;
  }

  std::string_view body_;
  std::size_t at_ = 0;
  LaxString read_;
};

}  // namespace

std::optional<std::vector<LaxMember>> lax_members(std::string_view text) {
  std::vector<LaxMember> members;
  const bool whole = for_each_item(text, '{', '}', [&](std::size_t at) {
    const std::size_t end = text[at] == '"' ? behind_string(text, at) : kNone;
    if (end == kNone) return kNone;
    const std::size_t colon = behind_blanks(text, end);
    if (colon == text.size() || text[colon] != ':') return kNone;
    const std::size_t begin = behind_blanks(text, colon + 1), behind = behind_value(text, begin);
    std::optional<LaxString> key = lax_string(text.substr(at, end - at));
    if (behind != kNone && key) members.push_back({std::move(key->text), text.substr(begin, behind - begin)});
    return behind;
  });
  return whole ? std::optional(std::move(members)) : std::nullopt;
}

std::optional<std::vector<std::string_view>> lax_elements(std::string_view text) {
  std::vector<std::string_view> elements;
  const bool whole = for_each_item(text, '[', ']', [&](std::size_t at) {
    const std::size_t behind = behind_value(text, at);
    if (behind != kNone) elements.push_back(text.substr(at, behind - at));
    return behind;
  });
  return whole ? std::optional(std::move(elements)) : std::nullopt;
}

std::optional<LaxString> lax_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  return StringDecoder(text.substr(1, text.size() - 2)).run();
}

bool is_lax_null(std::string_view text) {
  const bool number = !text.empty() && (is_ascii_digit(text[0]) ||
                                        (text.size() > 1 && text[0] == '-' && is_ascii_digit(text[1])));
  return !number && !text.starts_with('"') && !text.starts_with('{') && !text.starts_with('[') &&
         text != "true" && text != "false";
}

}  // namespace film::sources

#include "film/base/loose_json.h"

#include <algorithm>

#include "film/base/unicode.h"

namespace film {
namespace {

constexpr int kDeepest = 64;  // levels, as in json.cpp

bool is_hex(char c) { return is_ascii_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return is_ascii_lower(c) || is_ascii_upper(c); }

// Whether the backslash at json[at] begins an escape that is meant. A letter behind \b, \f, \r or \t makes a command of
// it (\beta, \frac, \times): only a text with other lone backslashes is read this way.
bool is_escape(std::string_view json, std::size_t at) {
  const char c = at + 1 < json.size() ? json[at + 1] : ' ';
  const auto follows = [&](std::size_t i) { return at + i < json.size() ? json[at + i] : ' '; };
  switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'n':
      return true;
    case 'b':
    case 'f':
    case 'r':
    case 't':
      return !is_letter(follows(2));
    case 'u':
      return is_hex(follows(2)) && is_hex(follows(3)) && is_hex(follows(4)) && is_hex(follows(5));
    default:
      return false;
  }
}

// Nesting outside strings; more than `most` is not counted.
bool is_nested_deeper_than(int most, std::string_view json) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '{' || c == '[') && ++depth > most)
      return true;
    else if (!quoted && (c == '}' || c == ']'))
      --depth;
  }
  return false;
}

class Mender {
 public:
  explicit Mender(std::string_view json) : json_(json) { good_.reserve(json.size() + 16); }

  std::string mended() {
    for (at_ = 0; at_ < json_.size();) {
      if (quoted_)
        inside();
      else
        outside();
    }
    return std::move(good_);
  }

 private:
  void inside() {
    const char c = json_[at_];
    if (c == '\\') return escape();
    if (c == '"') quoted_ = false;
    if (static_cast<unsigned char>(c) < ' ') {
      good_ += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "" : " ";
      ++at_;
      return;
    }
    const CodePoint point = code_point_at(json_, at_);
    append_utf8(good_, point.value);
    at_ += point.size;
  }

  void escape() {
    if (is_escape(json_, at_)) {
      good_.append(json_.substr(at_, 2));
      at_ += 2;
    } else {
      good_ += "\\\\";
      ++at_;
    }
  }

  void outside() {
    const char c = json_[at_];
    if (c == '"') quoted_ = true;
    if (c == ',' && closes_after(at_ + 1)) {
      ++at_;
      return;
    }
    for (const std::string_view word : {"-Infinity", "Infinity", "NaN", "-nan", "nan", "-inf", "inf"})
      if (json_.substr(at_).starts_with(word)) {
        good_ += "null";
        at_ += word.size();
        return;
      }
    good_ += c;
    ++at_;
  }

  bool closes_after(std::size_t at) const {
    const std::size_t next = json_.find_first_not_of(" \t\r\n", at);
    return next != std::string_view::npos && (json_[next] == '}' || json_[next] == ']');
  }

  std::string_view json_;
  std::string good_;
  std::size_t at_ = 0;
  bool quoted_ = false;
};

// \b and \f mean nothing in a text: they are the beginning of \beta or \frac.
bool holds_command(std::string_view json) {
  for (std::size_t at = 0; (at = json.find('\\', at)) != std::string_view::npos; at += 2)
    if (at + 1 < json.size() && (json[at + 1] == 'b' || json[at + 1] == 'f') && !is_escape(json, at))
      return true;
  return false;
}

}  // namespace

std::string_view json_object_at(std::string_view text, std::size_t begin) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == '{')
      ++depth;
    else if (!quoted && c == '}' && --depth == 0)
      return text.substr(begin, i - begin + 1);
  }
  return {};
}

std::optional<Json> parse_loose_json(std::string_view text) {
  if (!holds_command(text))
    if (std::optional<Json> json = try_parse_json(text)) return json;
  const std::string mended = Mender(text).mended();
  if (is_nested_deeper_than(kDeepest, mended)) return std::nullopt;
  Json json = Json::parse(mended, nullptr, false);
  return json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

}  // namespace film

#include "python_literal.h"

#include <charconv>

#include "film/base/strings.h"

namespace film::tasks {
namespace {

constexpr int kDeepest = 32;

// Recursive descent; nothing once something is odd.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<Json> whole() {
    std::optional<Json> read = value();
    blanks();
    return read && rest_.empty() ? read : std::nullopt;
  }

 private:
  void blanks() {
    const std::size_t begin = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(begin, rest_.size()));
  }

  bool take(std::string_view word) {
    blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<Json> value() {
    if (++depth_ > kDeepest) return {};
    std::optional<Json> read;
    blanks();
    if (take("["))
      read = list(']');
    else if (take("("))
      read = list(')');
    else if (take("{"))
      read = dict();
    else if (rest_.starts_with('\'') || rest_.starts_with('"'))
      read = string();
    else
      read = word();
    --depth_;
    return read;
  }

  std::optional<Json> list(char close) {
    Json items = Json::array();
    while (!take({&close, 1})) {
      std::optional<Json> item = value();
      if (!item) return {};
      items.push_back(std::move(*item));
      if (take(",")) continue;
      if (!take({&close, 1})) return {};
      break;
    }
    return items;
  }

  std::optional<Json> dict() {
    Json members = Json::object();
    while (!take("}")) {
      blanks();
      const std::optional<Json> key = string();
      if (!key || !take(":")) return {};
      std::optional<Json> member = value();
      if (!member) return {};
      members[key->get<std::string>()] = std::move(*member);
      if (take(",")) continue;
      if (!take("}")) return {};
      break;
    }
    return members;
  }

  std::optional<Json> string() {
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return {};
    const char quote = rest_[0];
    rest_.remove_prefix(1);
    std::string text;
    while (!rest_.empty() && rest_[0] != quote) {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c != '\\')
        text += c;
      else if (!escape(text))
        return {};
    }
    if (rest_.empty()) return {};
    rest_.remove_prefix(1);
    return Json(text);
  }

  bool escape(std::string& text) {
    if (rest_.empty()) return false;
    const char c = rest_[0];
    rest_.remove_prefix(1);
    constexpr std::string_view kFrom = "ntrabfv0\\'\"", kTo = {"\n\t\r\a\b\f\v\0\\'\"", 11};
    if (const std::size_t at = kFrom.find(c); at != std::string_view::npos)
      text += kTo[at];
    else if (const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0; digits > 0)
      return code_point(digits, text);
    else
      (text += '\\') += c;  // Python keeps what is no escape
    return true;
  }

  bool code_point(std::size_t digits, std::string& text) {
    std::uint32_t value = 0;
    const char* const end = rest_.data() + std::min(digits, rest_.size());
    const auto [last, error] = std::from_chars(rest_.data(), end, value, 16);
    if (error != std::errc() || last != rest_.data() + digits || value > 0x10FFFF) return false;
    rest_.remove_prefix(digits);
    append_utf8(text, value);
    return true;
  }

  std::optional<Json> word() {
    const std::size_t end = std::min(rest_.find_first_of(",]})\n "), rest_.size());
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (text == "True") return Json(true);
    if (text == "False") return Json(false);
    if (text == "None") return Json();
    return try_parse_json(text);
  }

  std::string_view rest_;
  int depth_ = 0;
};

}  // namespace

std::optional<Json> python_literal(std::string_view text) {
  if (std::optional<Json> json = try_parse_json(text)) return json;
  return Reader(text).whole();
}

}  // namespace film::tasks

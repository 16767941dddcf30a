#include "film/base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include "film/base/files.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace film {
namespace {

constexpr std::size_t kMaxDepth = 64;

// Makes the value while the parser reads, and says why it stopped.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& value) override { return add(std::move(value)); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Open& object = open_.back();
    if (!object.is_new(name)) {
      problem_ = "duplicate key \"" + name + "\"";
      duplicate_ = true;
      return false;
    }
    // At the end at once: the map's own insertion would look through all keys again.
    object.value->get_ref<Json::object_t&>().emplace_back(std::move(name), Json());
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    const std::string_view message = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    const std::size_t end = message.find("] ");
    problem_ = "not valid JSON: ";
    problem_ += end == std::string_view::npos ? message : message.substr(end + 2);
    return false;
  }

  Json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }
  bool duplicate() const { return duplicate_; }

 private:
  struct Open {
    Json* value;
    std::set<std::string> names;  // of an object with many; few are looked through

    bool is_new(const std::string& name) {
      constexpr std::size_t kFew = 16;
      const auto& members = value->get_ref<Json::object_t&>();
      if (members.size() < kFew)
        return std::ranges::find(members, name, &Json::object_t::value_type::first) == members.end();
      if (names.empty())
        for (const auto& [known, member] : members) names.insert(known);
      return names.insert(name).second;
    }
  };

  // Where the next value goes. Only the innermost open value grows, so the others do not move.
  Json& slot() {
    if (open_.empty()) return root_;
    Json& parent = *open_.back().value;
    if (parent.is_object()) return parent.get_ref<Json::object_t&>().back().second;
    parent.push_back(nullptr);
    return parent.back();
  }

  template <class T>
  bool add(T&& value) {
    slot() = std::forward<T>(value);
    return true;
  }

  bool open(Json empty) {
    if (open_.size() >= kMaxDepth) {
      problem_ = "nested deeper than 64 levels";
      return false;
    }
    Json& value = slot();
    value = std::move(empty);
    open_.push_back({&value, {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Open> open_;
  std::string problem_;
  bool duplicate_ = false;
};

bool parse(std::string_view text, bool comments, Builder& builder) {
  return Json::sax_parse(text.begin(), text.end(), &builder, Json::input_format_t::json, true, comments);
}

// What a byte of a string becomes: itself, "\\n" and its like, or "\\u001f".
constexpr auto kEscapes = [] {
  std::array<char, 256> escapes{};  // 0: itself; 'u': by its number
  for (std::size_t c = 0; c < ' '; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

constexpr auto kReplaceBadBytes = nlohmann::json::error_handler_t::replace;

// The highest bit of each byte of `block` that is a control character, '"' or '\\'. Above the first such byte there may be
// bits too many.
std::uint64_t special_bytes(std::uint64_t block) {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
  constexpr std::uint64_t kOnes = 0x0101010101010101U, kHighest = 0x80 * kOnes;
  const auto less = [](std::uint64_t bytes, std::uint64_t limit) { return (bytes - kOnes * limit) & ~bytes; };
  return (less(block, ' ') | less(block ^ (kOnes * '"'), 1) | less(block ^ (kOnes * '\\'), 1)) & kHighest;
}

// Writes what nlohmann's dump() writes, in a tenth of its time: strings are checked and copied in runs.
class LineWriter {
 public:
  void write(const Json& value) {
    switch (value.type()) {
      case Json::value_t::object:
        return write_all(value.get_ref<const Json::object_t&>(), '{', '}');
      case Json::value_t::array:
        return write_all(value.get_ref<const Json::array_t&>(), '[', ']');
      case Json::value_t::string:
        return write(value.get_ref<const std::string&>());
      case Json::value_t::number_unsigned:
        return write_integer(value.get_ref<const Json::number_unsigned_t&>());
      case Json::value_t::number_integer:
        return write_integer(value.get_ref<const Json::number_integer_t&>());
      default:
        line_ += value.dump(-1, ' ', false, kReplaceBadBytes);
    }
  }

  std::string take() { return std::move(line_); }

 private:
  template <class Members>
  void write_all(const Members& members, char open, char close) {
    line_ += open;
    for (const auto& member : members) {
      if (&member != &*members.begin()) line_ += ',';
      if constexpr (std::is_same_v<Members, Json::object_t>) {
        write(member.first);
        line_ += ':';
        write(member.second);
      } else {
        write(member);
      }
    }
    line_ += close;
  }

  void write(const std::string& text) {
    if (!simdjson::validate_utf8(text)) {
      line_ += Json(text).dump(-1, ' ', false, kReplaceBadBytes);
      return;
    }
    line_.reserve(line_.size() + text.size() + 2);
    line_ += '"';
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = plain_end(text, begin);
      line_.append(text, begin, end - begin);
      if (end < text.size()) write_escape(text[end]);
      begin = end + 1;
    }
    line_ += '"';
  }

  // The first byte from `at` on that is not itself, or the end.
  static std::size_t plain_end(std::string_view text, std::size_t at) {
    std::uint64_t block = 0;  // bytes that are looked at together
    for (; at + sizeof block <= text.size(); at += sizeof block) {
      std::memcpy(&block, text.data() + at, sizeof block);
      if (const std::uint64_t special = special_bytes(block); special != 0)
        return at + static_cast<std::size_t>(std::countr_zero(special)) / 8;
    }
    while (at < text.size() && kEscapes[static_cast<unsigned char>(text[at])] == 0) ++at;
    return at;
  }

  void write_escape(char c) {
    constexpr char kDigits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    line_ += '\\';
    line_ += kEscapes[byte];
    if (kEscapes[byte] == 'u') line_.append("00").append({kDigits[byte >> 4], kDigits[byte & 15]});
  }

  template <class Integer>
  void write_integer(Integer value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    line_.append(digits.data(), end);
  }

  std::string line_;
};

}  // namespace

std::optional<Json> try_parse_json(std::string_view text, std::string* problem, bool comments) {
  Builder builder;
  if (parse(text, comments, builder)) return builder.take();
  if (problem != nullptr) *problem = builder.problem();
  return std::nullopt;
}

Json parse_json(std::string_view text, std::string_view where, bool comments) {
  Builder builder;
  if (parse(text, comments, builder)) return builder.take();
  throw bad_data(std::string(where) + ": " + builder.problem(),
                 builder.duplicate() ? "keep one of the two" : "");
}

Json read_json(const std::filesystem::path& path) { return parse_json(read_file(path), path.string(), true); }

std::string to_line(const Json& value) {
  LineWriter writer;
  writer.write(value);
  return writer.take();
}

std::string to_pretty(const Json& value) { return value.dump(2, ' ', false, kReplaceBadBytes) + "\n"; }

}  // namespace film

#include "parse_answer.h"

#include <algorithm>
#include <optional>

#include "film/base/loose_json.h"
#include "film/base/strings.h"
#include "film/base/thinking.h"

namespace film::questions {
namespace {

constexpr int kMostObjects = 64;  // objects tried in one answer

// Without white space and Markdown's asterisks around it.
std::string trimmed(std::string_view text) { return std::string(trim(text, "*")); }

const Json* field(const Json& object, std::initializer_list<const char*> names) {
  for (const auto& [key, value] : object.items()) {
    const std::string lower = to_lower(key);
    for (const char* name : names)
      if (lower == name) return &value;
  }
  return nullptr;
}

std::string text_of(const Json* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return trimmed(value->get<std::string>());
  return value->is_number() || value->is_boolean() ? to_line(*value) : std::string();
}

// "Piece 3", "3", "#3" -> 3; 0 when there is no number.
std::uint32_t piece_number(std::string_view text) {
  const std::size_t digit = text.find_first_of("0123456789");
  std::uint32_t number = 0;
  for (std::size_t i = digit; i < text.size() && text[i] >= '0' && text[i] <= '9' && number < 100000; ++i)
    number = 10 * number + static_cast<std::uint32_t>(text[i] - '0');
  return number;
}

// All numbers of "1, 4 and Piece 7".
void add_numbers(std::string_view text, std::vector<std::uint32_t>& pieces) {
  for (std::size_t at = 0; (at = text.find_first_of("0123456789", at)) != std::string_view::npos;) {
    pieces.push_back(piece_number(text.substr(at)));
    at = std::min(text.size(), text.find_first_not_of("0123456789", at));
  }
}

void set_pieces(const Json* value, ParsedAnswer& parsed) {
  if (value == nullptr || value->is_null()) return;
  parsed.names_pieces = true;
  if (value->is_array())
    for (const Json& piece : *value) parsed.pieces.push_back(piece_number(text_of(&piece)));
  else
    add_numbers(text_of(value), parsed.pieces);
}

// True when `object` is one of ours, filled into `parsed`.
bool take_object(const Json& object, ParsedAnswer& parsed) {
  if (!object.is_object()) return false;
  if (const Json* skip = field(object, {"skip"}); skip != nullptr && field(object, {"question"}) == nullptr) {
    parsed.reject_reason = RejectReason::skipped;
    parsed.answer = text_of(skip);
    return true;
  }
  const Json* question = field(object, {"question", "q"});
  const Json* answer = field(object, {"answer", "a"});
  if (question == nullptr || answer == nullptr) return false;
  parsed.question = text_of(question);
  parsed.answer = text_of(answer);
  set_pieces(field(object, {"pieces", "piece", "pieces_used", "used_pieces", "evidence", "sources"}), parsed);
  return true;
}

// The last object that is ours: before it may stand drafts, or the form that was asked for. An object behind it that never
// closes is the final answer, cut off.
bool parse_as_json(std::string_view text, ParsedAnswer& parsed) {
  bool found = false;
  int tried = 0;
  for (std::size_t at = 0; (at = text.find('{', at)) != std::string_view::npos && tried < kMostObjects;
       ++tried) {
    const std::string_view object = json_object_at(text, at);
    ParsedAnswer read;
    const std::optional<Json> json = parse_loose_json(object);
    if (json && take_object(*json, read)) {
      parsed = std::move(read);
      found = true;
      at += object.size();
      continue;
    }
    if (found && object.empty() &&
        to_lower_ascii(text.substr(at)).find("\"question\"") != std::string::npos) {
      parsed = {};
      return false;
    }
    ++at;
  }
  return found;
}

struct Marker {
  std::size_t line = std::string::npos, value = std::string::npos;  // where its line and its value begin
  bool found() const { return value != std::string::npos; }
};

// The first line from `from` on that begins with one of the names and a colon, maybe with **, #, - or a
// number in front: "**Question:** Who?".
Marker find_marker(const std::string& lower, std::initializer_list<std::string_view> names,
                   std::size_t from) {
  for (std::size_t line = from; line < lower.size();) {
    const std::size_t word = lower.find_first_not_of(" \t*#->0123456789.)", line);
    if (word == std::string::npos) break;
    for (const std::string_view name : names) {
      if (lower.compare(word, name.size(), name) != 0) continue;
      const std::size_t colon = lower.find_first_not_of(" *", word + name.size());
      if (colon != std::string::npos && lower[colon] == ':') return {line, colon + 1};
    }
    const std::size_t end = lower.find('\n', line);
    if (end == std::string::npos) break;
    line = end + 1;
  }
  return {};
}

bool parse_as_lines(std::string_view text, ParsedAnswer& parsed) {
  const std::string lower = to_lower_ascii(text);  // positions are those of `text`
  const Marker question = find_marker(lower, {"question", "q"}, 0);
  if (!question.found()) return false;
  const Marker answer = find_marker(lower, {"answer", "a"}, question.value);
  if (!answer.found()) return false;
  const Marker pieces = find_marker(lower, {"pieces", "pieces used", "used pieces", "piece"}, answer.value);
  const Marker again = find_marker(lower, {"question", "q"}, answer.value);  // a second pair is left out
  const std::size_t end = std::min({pieces.line, again.line, text.size()});
  parsed.question = trimmed(text.substr(question.value, answer.line - question.value));
  parsed.answer = trimmed(text.substr(answer.value, end - answer.value));
  if (pieces.found() && pieces.value < again.line) {
    parsed.names_pieces = true;
    add_numbers(text.substr(pieces.value, lower.find('\n', pieces.value) - pieces.value), parsed.pieces);
  }
  return true;
}

bool is_refusal(const std::string& text) {
  const std::string lower = to_lower(text.substr(0, 300));
  for (const char* words : {"i cannot", "i can't", "i can’t", "i'm sorry", "i’m sorry", "i am sorry",
                            "i'm unable", "i am unable", "as an ai", "i won't", "sorry, but"})
    if (lower.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

ParsedAnswer parse_answer(const std::string& written) {
  const std::string text(split_thinking(written).answer);
  ParsedAnswer parsed;
  if (!parse_as_json(text, parsed) && !parse_as_lines(text, parsed))
    parsed.reject_reason = is_refusal(text) ? RejectReason::refusal : RejectReason::unparsable;
  std::ranges::sort(parsed.pieces);
  const auto twice = std::ranges::unique(parsed.pieces);
  parsed.pieces.erase(twice.begin(), twice.end());
  return parsed;
}

}  // namespace film::questions

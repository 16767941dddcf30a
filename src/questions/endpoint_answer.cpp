#include "endpoint_answer.h"

#include <algorithm>
#include <optional>

#include "film/base/error.h"
#include "film/base/json.h"
#include "film/questions/sentences.h"

namespace film::questions {
namespace {

constexpr int kMostObjects = 16;  // objects tried in one answer

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n*"), end = text.find_last_not_of(" \t\r\n*");
  return begin == std::string_view::npos ? std::string() : std::string(text.substr(begin, end - begin + 1));
}

// The object that begins at text[begin] == '{', up to its closing brace; empty if it never closes.
std::string_view object_at(std::string_view text, std::size_t begin) {
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

// Line breaks inside strings and commas before a closing bracket: the commonest faults of written JSON.
std::string mended(std::string_view json) {
  std::string good;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\' && i + 1 < json.size()) {
      good += c;
      good += json[++i];
    } else if (quoted && static_cast<unsigned char>(c) < ' ') {
      good += c == '\n' ? "\\n" : " ";
    } else if (!quoted && c == ',') {
      const std::size_t next = json.find_first_not_of(" \t\r\n", i + 1);
      if (next == std::string_view::npos || (json[next] != '}' && json[next] != ']')) good += c;
    } else {
      if (c == '"') quoted = !quoted;
      good += c;
    }
  }
  return good;
}

std::optional<Json> parse_object(std::string_view text) {
  for (const std::string& form : {std::string(text), mended(text)}) try {
      return parse_json(form, "answer");
    } catch (const Error&) {
    }
  return {};
}

const Json* field(const Json& object, std::initializer_list<const char*> names) {
  for (const auto& [key, value] : object.items())
    for (const char* name : names)
      if (to_small(key) == name) return &value;
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
    parsed.problem = "skipped";
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

bool from_json(std::string_view text, ParsedAnswer& parsed) {
  int tried = 0;
  for (std::size_t at = 0; (at = text.find('{', at)) != std::string_view::npos && tried < kMostObjects;
       ++at, ++tried) {
    const std::string_view object = object_at(text, at);
    if (object.empty()) continue;
    const auto json = parse_object(object);
    if (json && take_object(*json, parsed)) return true;
  }
  return false;
}

// Where a line of `small` begins with one of the markers ("question:", maybe with **, #, - or a number in
// front). Returns where the value begins; `line` is where the line does.
std::size_t find_marker(const std::string& small, std::initializer_list<const char*> markers,
                        std::size_t from, std::size_t& line) {
  for (line = from; line < small.size();
       line = small.find('\n', line) == std::string::npos ? small.size() : small.find('\n', line) + 1) {
    const std::size_t word = small.find_first_not_of(" \t*#->0123456789.)", line);
    if (word == std::string::npos) break;
    for (const std::string_view marker : markers) {
      if (small.compare(word, marker.size(), marker) != 0) continue;
      const std::size_t colon = small.find_first_not_of(" *", word + marker.size());
      if (colon != std::string::npos && small[colon] == ':') return colon + 1;
    }
  }
  return std::string::npos;
}

bool from_lines(const std::string& text, ParsedAnswer& parsed) {
  const std::string small = to_small(text);
  std::size_t line = 0, answer_line = 0, end = 0;
  const std::size_t question = find_marker(small, {"question", "q"}, 0, line);
  if (question == std::string::npos) return false;
  const std::size_t answer = find_marker(small, {"answer", "a"}, question, answer_line);
  if (answer == std::string::npos) return false;
  const std::size_t pieces =
      find_marker(small, {"pieces", "pieces used", "used pieces", "piece"}, answer, end);
  std::size_t again = small.size();
  find_marker(small, {"question", "q"}, answer, again);  // a second pair is left out
  parsed.question = trimmed(std::string_view(text).substr(question, answer_line - question));
  parsed.answer =
      trimmed(std::string_view(text).substr(answer, std::min({end, again, text.size()}) - answer));
  if (pieces != std::string::npos && pieces < again) {
    parsed.names_pieces = true;
    add_numbers(std::string_view(text).substr(pieces, small.find('\n', pieces) - pieces), parsed.pieces);
  }
  return true;
}

bool is_refusal(const std::string& text) {
  const std::string small = to_small(text.substr(0, 300));
  for (const char* words : {"i cannot", "i can't", "i can’t", "i'm sorry", "i’m sorry", "i am sorry",
                            "i'm unable", "i am unable", "as an ai", "i won't", "sorry, but"})
    if (small.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

ParsedAnswer parse_answer(const std::string& text) {
  ParsedAnswer parsed;
  if (!from_json(text, parsed) && !from_lines(text, parsed))
    parsed.problem = is_refusal(text) ? "refusal" : "unparsable";
  std::ranges::sort(parsed.pieces);
  const auto twice = std::ranges::unique(parsed.pieces);
  parsed.pieces.erase(twice.begin(), twice.end());
  return parsed;
}

}  // namespace film::questions

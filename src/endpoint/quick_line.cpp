#include "quick_line.h"

#include <simdjson.h>

namespace film::endpoint {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

// The members in the order in which journal_line() writes them; looking for one begins behind the last. Throws
// simdjson_error for what is missing or of another type.
std::string text(object& line, const char* key) {
  return std::string(std::string_view(line.find_field(key).get_string()));
}

int number(object& line, const char* key) {
  return static_cast<int>(std::int64_t(line.find_field(key).get_int64()));
}

template <class Enum>
Enum word(object& line, const char* key) {
  const std::optional<Enum> found = from_name<Enum>(std::string_view(line.find_field(key).get_string()));
  if (!found) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return *found;
}

Usage usage(object& line) {
  object counts = line.find_field("usage").get_object();
  const std::int64_t prompt = counts.find_field("prompt").get_int64();
  return {prompt, counts.find_field("completion").get_int64(), true};
}

bool holds(const std::string& line, std::string_view member) {
  return line.find(member) != std::string::npos;
}

}  // namespace

std::optional<ChatResult> quick_result(std::string& line) {
  // Members that are not always there, or stand in a text: such lines are few.
  if (holds(line, "\"reason\":") || holds(line, "\"detail\":") || !holds(line, "\"usage\":{")) return {};
  line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  thread_local simdjson::ondemand::parser parser;
  try {
    simdjson::ondemand::document document =
        parser.iterate(simdjson::padded_string_view(line.data(), line.size(), line.capacity()));
    object members = document.get_object();
    ChatResult result;
    result.id = text(members, "id");
    result.outcome = word<ChatOutcome>(members, "status");
    result.text = text(members, "text");
    result.model = text(members, "model");
    result.usage = usage(members);
    result.attempts = number(members, "attempts");
    result.unknown = number(members, "unknown");
    result.seconds = members.find_field("seconds").get_double();
    result.from_journal = true;
    return result;
  } catch (const simdjson::simdjson_error&) {
    return {};
  }
}

}  // namespace film::endpoint

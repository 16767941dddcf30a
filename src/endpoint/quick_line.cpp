#include "quick_line.h"

#include "film/base/quick_json.h"

namespace film::endpoint {
namespace {

// The members in the order in which journal_line() writes them; looking for one begins behind the last. Throws
// simdjson_error for what is missing or of another type.
std::string text(QuickObject& line, const char* key) {
  return std::string(std::string_view(line.find_field(key).get_string()));
}

int number(QuickObject& line, const char* key) {
  return static_cast<int>(std::int64_t(line.find_field(key).get_int64()));
}

Usage usage(QuickObject& line) {
  QuickObject counts = line.find_field("usage").get_object();
  const std::int64_t prompt = counts.find_field("prompt").get_int64();
  return {prompt, counts.find_field("completion").get_int64(), true};
}

bool holds(const std::string& line, std::string_view member) {
  return line.find(member) != std::string::npos;
}

}  // namespace

std::optional<ChatResult> quick_result(std::string& line) {
  // Members that are not always there, or stand in a text: such lines are few.
  if (holds(line, "\"reason\":") || holds(line, "\"detail\":") || holds(line, "\"logprobs\":") ||
      !holds(line, "\"usage\":{"))
    return {};
  return read_quickly<ChatResult>(line, [](QuickObject& members, const auto&) {
    ChatResult result;
    result.id = text(members, "id");
    result.outcome = quick_word<ChatOutcome>(members, "status");
    result.text = text(members, "text");
    result.model = text(members, "model");
    result.usage = usage(members);
    result.attempts = number(members, "attempts");
    result.unknown = number(members, "unknown");
    result.seconds = members.find_field("seconds").get_double();
    result.from_journal = true;
    return result;
  });
}

}  // namespace film::endpoint

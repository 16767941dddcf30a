#include "context_line.h"

#include <simdjson.h>

#include <limits>

namespace film::folders {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

// simdjson_error for what is missing or of another type, also here.
std::uint32_t number(std::uint64_t wide) {
  if (wide > std::numeric_limits<std::uint32_t>::max())
    throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  return static_cast<std::uint32_t>(wide);
}

std::uint32_t number(object& line, const char* key) {
  return number(line.find_field(key).get_uint64().value());
}

template <class Enum>
Enum word(object& line, const char* key) {
  const std::optional<Enum> found = from_name<Enum>(line.find_field(key).get_string().value());
  if (!found) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return *found;
}

void read(object& line, const char* key, std::vector<std::uint32_t>& numbers) {
  for (auto element : line.find_field(key).get_array())
    numbers.push_back(number(element.get_uint64().value()));
}

}  // namespace

std::optional<Context> quick_context(std::string& line) {
  line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  thread_local simdjson::ondemand::parser parser;
  try {
    simdjson::ondemand::document document =
        parser.iterate(simdjson::padded_string_view(line.data(), line.size(), line.capacity()));
    object members = document.get_object();
    Context context;
    context.id = members.find_field("id").get_uint64();
    context.kind = word<ContextKind>(members, "kind");
    context.split = word<Split>(members, "split");
    context.target_tokens = number(members, "target_tokens");
    context.tokens = number(members, "tokens");
    read(members, "segments", context.segments);
    read(members, "evidence", context.evidence);
    const char* const rest = document.current_location();
    if (std::string_view(rest, line.data() + line.size()) != "}") return {};
    return context;
  } catch (const simdjson::simdjson_error&) {
    return {};
  }
}

}  // namespace film::folders

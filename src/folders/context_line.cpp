#include "context_line.h"

#include <limits>

#include "film/base/quick_json.h"

namespace film::folders {
namespace {

// simdjson_error for what is missing or of another type, also here.
std::uint32_t number(std::uint64_t wide) {
  if (wide > std::numeric_limits<std::uint32_t>::max())
    throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  return static_cast<std::uint32_t>(wide);
}

std::uint32_t number(QuickObject& line, const char* key) {
  return number(line.find_field(key).get_uint64().value());
}

void read(QuickObject& line, const char* key, std::vector<std::uint32_t>& numbers) {
  for (auto element : line.find_field(key).get_array())
    numbers.push_back(number(element.get_uint64().value()));
}

}  // namespace

std::optional<Context> quick_context(std::string& line) {
  return read_quickly<Context>(line, [&line](QuickObject& members, auto& document) -> std::optional<Context> {
    Context context;
    context.id = members.find_field("id").get_uint64();
    context.kind = quick_word<ContextKind>(members, "kind");
    context.split = quick_word<Split>(members, "split");
    context.target_tokens = number(members, "target_tokens");
    context.tokens = number(members, "tokens");
    read(members, "segments", context.segments);
    read(members, "evidence", context.evidence);
    const auto rest = [&] {
      const char* const begin = document.current_location();
      return std::string_view(begin, line.data() + line.size());
    };
    if (rest().starts_with(",\"alike\"")) context.alike = number(members, "alike");
    if (rest().starts_with(",\"twin_of\""))
      context.twin_of = members.find_field("twin_of").get_uint64().value();
    if (rest() != "}") return {};
    return context;
  });
}

}  // namespace film::folders

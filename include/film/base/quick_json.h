#pragma once
// Lines of JSON that film wrote, read by simdjson without building them: members are looked for in the order in which they
// were written. For files of many lines, behind which a slower reader says what is wrong.
#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "film/base/enum_names.h"

namespace film {

using QuickObject = simdjson::ondemand::object;

// A member that is one of few words. Throws simdjson_error for what is missing, of another type or another word.
template <NamedEnum Enum>
Enum quick_word(QuickObject& members, const char* key) {
  const std::optional<Enum> found = from_name<Enum>(members.find_field(key).get_string().value());
  if (!found) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return *found;
}

// What read(members, document) makes of the line's object; nothing where that throws simdjson_error. `line` gets room behind
// its end, which the parser reads.
template <class Record, class Read>
std::optional<Record> read_quickly(std::string& line, Read read) {
  line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  thread_local simdjson::ondemand::parser parser;
  try {
    simdjson::ondemand::document document =
        parser.iterate(simdjson::padded_string_view(line.data(), line.size(), line.capacity()));
    QuickObject members = document.get_object();
    return read(members, document);
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

}  // namespace film

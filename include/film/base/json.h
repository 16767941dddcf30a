#pragma once
// JSON in and out. Input is checked beyond the grammar: nesting of at most 64 levels and no duplicate keys, because
// the library's own copying and dumping recurse without limit and let the last duplicate win silently.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

// Compiled once, in json.cpp: it would otherwise be compiled again for every source that uses JSON.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace film {

using Json = nlohmann::ordered_json;  // keeps the order in which we write keys

// Parses one JSON value; nothing if the text is not one. `problem` gets the reason: for failures that are expected.
std::optional<Json> try_parse_json(std::string_view text, std::string* problem = nullptr,
                                   bool comments = false);

// Parses one JSON value. `where` names the source in errors ("settings.json", "corpus.jsonl:12").
// Comments (// and /* */) are accepted when `comments` is set. Throws bad_data.
Json parse_json(std::string_view text, std::string_view where, bool comments = false);

// Reads a whole JSON file; throws no_input or bad_data. Comments are accepted.
Json read_json(const std::filesystem::path& path);

// One line, no spaces; bytes that are not UTF-8 become U+FFFD instead of throwing.
std::string to_line(const Json& value);
// Indented by two spaces, with a final newline.
std::string to_pretty(const Json& value);

// `value` as a T; nothing if it is of another type or does not fit in one.
template <class T>
std::optional<T> read_value(const Json& value);

// A member of an object, with an error that names the record and the key. Throws bad_data.
template <class T>
T member(const Json& object, const char* key, std::string_view where);

}  // namespace film

#include "film/base/json_member.h"

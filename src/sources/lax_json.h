#pragma once
// Private to the module: JSON objects read by the few members that are wanted. What stands in the others need not be
// valid: NaN, numbers of any size, bytes that are not UTF-8, any depth. Used where a strict parser refuses a row.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace film::sources {

struct LaxMember {
  std::string key;
  std::string_view value;  // as it is in the text
};

// The members of the object that `text` is, in order; nothing where braces, brackets, quotes, colons or commas do not
// fit together. A comma behind the last member is passed over.
std::optional<std::vector<LaxMember>> lax_members(std::string_view text);

// The elements of an array's text; nothing if it is not one.
std::optional<std::vector<std::string_view>> lax_elements(std::string_view text);

struct LaxString {
  std::string text;
  bool replaced = false;  // halves of surrogate pairs are U+FFFD now
};

// What a string's text, with its quotes, stands for. Control characters are taken as they are. Nothing for an escape
// that JSON does not have.
std::optional<LaxString> lax_string(std::string_view text);

// NaN, Infinity and other words that are not JSON, and null.
bool is_lax_null(std::string_view text);

}  // namespace film::sources

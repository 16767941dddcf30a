#pragma once
// Which script a text is written in, by the four-letter codes of ISO 15924: "Latn", "Hani", "Cyrl".
#include <string>
#include <string_view>

namespace film {

// The script of most letters; "Jpan" where any are Kana, empty where there are no letters.
std::string script_of(std::string_view text);
bool is_script(const std::string& code);  // one that there is

}  // namespace film

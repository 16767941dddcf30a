#pragma once
// ICU's dictionaries. Opened once per thread, when the first text needs them.
#include <cstddef>
#include <string_view>
#include <vector>

namespace film {

// Appends the ends of the words in text[begin, end), a run of a script without blanks, ascending; the
// last is `end`.
void append_word_ends(std::string_view text, std::size_t begin, std::size_t end,
                      std::vector<std::size_t>& ends);

}  // namespace film

#pragma once
// Text on a terminal: what may be printed, how wide it is, and how wide the terminal is.
#include <string>
#include <string_view>

namespace film {

// `text` with its control characters (C0 but for line break and tab, DEL, C1) and the characters that turn the direction
// of writing as visible escapes ("\x1b", "\u202e"), and bytes that are not UTF-8 as U+FFFD: text from files, servers and
// models cannot move the cursor, recolour, hide or forge lines' order.
std::string printable(std::string_view text);

// Columns that a line of printable text takes: two for wide characters (East Asian), none for combining ones.
int columns_of(std::string_view text);
// The beginning of `text` in at most `columns`, ending in "…" where something is left out.
std::string fitted(std::string_view text, int columns);

// `text` in lines of at most `columns`, broken at blanks; the first line begins at column `begin`, lines that this makes
// are indented by `indent`. A word that is too long has a line of its own.
std::string wrapped(std::string_view text, int columns, int indent, int begin);

// Of the terminal on stderr; 80 where it does not say. Asked anew each time: windows change.
int terminal_columns();

}  // namespace film

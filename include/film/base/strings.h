#pragma once
// Trimming, case and white space of UTF-8 text. ASCII text never reaches ICU; beyond it, Unicode properties
// decide (unicode.h). Words are in words.h, sentences in sentences.h.
#include <string>
#include <string_view>
#include <vector>

#include "film/base/unicode.h"

namespace film {

// Without white space, or a byte of `also` ("*"), at its two ends.
std::string_view trim(std::string_view text, std::string_view also = "");

// Without a byte order mark at its beginning, as spreadsheets and Windows editors write it.
std::string_view without_byte_order_mark(std::string_view text);

// Lines end with '\n' alone: "\r\n", "\r\r\n" and a '\r' by itself become one.
std::string with_line_feeds(std::string_view text);

// Every letter in lower case. Beyond ASCII the length in bytes may change: positions do not carry over.
std::string to_lower(std::string_view text);
// Only A-Z in lower case: positions in `text` and in the result are the same.
std::string to_lower_ascii(std::string_view text);

// White space made plain: runs of it become one blank, runs that hold a blank line one '\n'; none at the ends.
// So a sentence that was wrapped over lines is one again. A single line break between two characters of Chinese
// or Japanese disappears: a blank does not belong there.
std::string normalize_whitespace(std::string_view text);

// The same, but every run becomes one blank.
std::string on_one_line(std::string_view text);

// Without punctuation and symbols.
std::string without_punctuation(std::string_view text);

// The fields between single separators; an empty text is one empty field.
std::vector<std::string_view> split(std::string_view text, std::string_view separator);
// "a, b, c"
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace film

#pragma once
// Sentences and words of a segment's text, and where an answer occurs.
#include <string>
#include <string_view>
#include <vector>

namespace film::questions {

// White space made plain: runs of it become one space, runs that hold a blank line one '\n'; none at the
// ends. So a sentence that was wrapped over lines is one again.
std::string flatten(std::string_view text);

// Whole sentences of a flattened text with `min_words` to `max_words` words: they end with . ! or ?, are
// followed by nothing that begins with a small letter, do not begin with one themselves, and cross no blank
// line.
std::vector<std::string_view> sentences(std::string_view flat, std::size_t min_words, std::size_t max_words);

std::vector<std::string_view> split_words(std::string_view flat);  // at spaces

// ASCII capital letters made small.
std::string to_small(std::string_view text);

// How often `needle` occurs as whole words in `text`: no letter or digit touches its ends. Give both
// to_small() texts to count without regard to capitals.
std::size_t count_occurrences(std::string_view text, std::string_view needle);

}  // namespace film::questions

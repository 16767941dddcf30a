#pragma once
// Words of UTF-8 text. In scripts without blanks between words (Han, Kana, Thai, Lao, Khmer, Myanmar) ICU's
// dictionaries say where a word ends; all other text is cut at blanks and punctuation, without ICU. All
// functions return views of `text`.
#include <cstddef>
#include <string_view>
#include <vector>

namespace film {

// What stands between white space, punctuation included: "(e.g. this)" is two. In scripts without blanks
// punctuation stays with the word before it, an opening bracket or quotation mark with the word behind it, so
// that the words joined, with the white space between them, are the text.
std::vector<std::string_view> split_words(std::string_view text);
std::size_t count_words(std::string_view text);  // split_words(text).size()

// Letters and digits only: "it's" is "it" and "s".
std::vector<std::string_view> bare_words(std::string_view text);

// How often `needle` occurs in `text` (occurrences may overlap) with no letter, digit or character of `also`
// ("_" for identifiers) that continues a word of the needle on either side. Next to a character of a script
// without blanks every border counts: dictionaries err there, and an occurrence that is missed makes a question
// ambiguous. 0 for an empty needle. Give both to_lower() texts to count without regard to case.
std::size_t count_word(std::string_view text, std::string_view needle, std::string_view also = "");
bool contains_word(std::string_view text, std::string_view needle, std::string_view also = "");

// Whether what stands at `at` is such an occurrence of `needle`.
bool is_word_at(std::string_view text, std::size_t at, std::string_view needle, std::string_view also = "");

}  // namespace film

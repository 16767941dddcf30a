#pragma once
// Ends of sentences by one rule for all scripts. ICU's own would glue the next opening quotation mark to the
// sentence before, and knows no blank between Thai sentences.
//
// - A run of end marks (. ! ? … and every other mark that Unicode calls a sentence terminal: 。！？ । ؟ ։ ။) ends
//   a sentence, with the closing marks behind it ("')]”’」』）】》). A line break ends one always.
// - . ! ? and … do so only before white space (before a lower-case letter then, too, if the rule says so), or
//   between characters of Chinese and Japanese; … also before a closing quotation mark.
// - Other marks do so at once. A straight double quotation mark behind them closes if one is open.
// - A mark between two digits, or before a comma, colon or semicolon, ends nothing; nor does … at the beginning of a
//   sentence.
// - In Thai and Lao a blank between two letters ends a sentence.
#include <cstddef>
#include <string_view>
#include <vector>

namespace film {

// What differs between the users of the rule.
struct SentenceRule {
  std::string_view closing = "\"')]";  // marks that may stand between an end mark and white space
  bool lower_case_continues = true;    // ". a" ends nothing: "e.g. this"
  // false: in scripts with blanks only . ! ? end a sentence, only `closing` may follow them, and only ASCII white space
  // is white space.
  bool beyond_ascii = true;
};

// Positions inside `text` at which a sentence begins after the end of another, ascending.
std::vector<std::size_t> sentence_starts(std::string_view text, const SentenceRule& rule = {});

// `text` cut there, without the white space between. The last may be unfinished.
std::vector<std::string_view> split_sentences(std::string_view text, const SentenceRule& rule = {});

// Whether `text` ends like a sentence: an end mark, then nothing but closing marks; or a Thai or Lao letter.
bool ends_sentence(std::string_view text, const SentenceRule& rule = {});

// The sentences of a text with `min_words` to `max_words` words (words.h) that end like one and do not begin
// with a lower-case letter.
std::vector<std::string_view> whole_sentences(std::string_view text, std::size_t min_words,
                                              std::size_t max_words);

}  // namespace film

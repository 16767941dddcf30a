#pragma once
// A text as questions are compared with it, normalised once.
#include <string>
#include <string_view>

#include "film/base/strings.h"
#include "film/base/words.h"

namespace film::questions {

struct PlainText {
  std::string flat;   // runs of white space are one space, blank lines one '\n'; none at the ends
  std::string lower;  // flat in lower case

  PlainText() = default;
  explicit PlainText(std::string_view text) : flat(normalize_whitespace(text)), lower(to_lower(flat)) {}

  // How often `other` occurs here as whole words, without regard to case.
  std::size_t count(const PlainText& other) const { return count_word(lower, other.lower); }
  bool contains(const PlainText& other) const { return contains_word(lower, other.lower); }
};

}  // namespace film::questions

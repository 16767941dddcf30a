#pragma once
// What is done to texts of rows before they are asked, as other programs do it.
#include <array>
#include <string>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::tasks {

enum class CleanBy {
  strip,       // no white space at the ends
  spaces,      // blanks for underscores
  capitalise,  // Python's capitalize: the first letter large, all others small
  hellaswag  // lm-evaluation-harness, hellaswag: strip, " [title]" is ". ", other brackets go, one pass over double blanks
};
constexpr auto enum_names(CleanBy) {
  using enum CleanBy;
  return std::array{EnumName{strip, "strip"}, EnumName{spaces, "spaces"}, EnumName{capitalise, "capitalise"},
                    EnumName{hellaswag, "hellaswag"}};
}

struct Cleaning {
  std::string of;  // context, question, choices, prompt, or one of columns.others
  CleanBy by = CleanBy::strip;
  void describe(Fields& fields);
};

std::string cleaned(const std::string& text, CleanBy by);

}  // namespace film::tasks

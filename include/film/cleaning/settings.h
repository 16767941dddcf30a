#pragma once
// Settings of what keeps a corpus clean. Groups "decontaminate" and "duplicates" of the synth settings.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/settings.h"

namespace film::cleaning {

// Paper section 2.1: a document with a 10-gram overlap with any evaluation example is used for nothing.
struct DecontaminationSettings {
  std::vector<std::string> inputs;  // evaluation files, and folders of them; empty: nothing is compared
  std::uint32_t words = 10;         // in a row that a document must not share with an evaluation text
  std::uint32_t han_words = 18;     // the same where most words are Han characters, each one word

  bool on() const { return !inputs.empty(); }
  void describe(Fields& f);
};

struct DuplicateSettings {
  bool exact = true;  // leave out documents whose text was there before
  double near = 0;  // leave out documents whose shingles are like an earlier one's by this (Jaccard); 0: none

  void describe(Fields& f);
};

}  // namespace film::cleaning

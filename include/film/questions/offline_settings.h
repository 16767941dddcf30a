#pragma once
// Settings of questions that are made from the text by rule.
#include <cstdint>
#include <string>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::questions {

//   planted   the value of the segment's needle
//   cloze     words left out of a quoted sentence
//   sentence  the sentence that contains some quoted words
enum class OfflineType { planted, cloze, sentence };
constexpr auto enum_names(OfflineType) {
  return std::array{EnumName{OfflineType::planted, "planted"}, EnumName{OfflineType::cloze, "cloze"},
                    EnumName{OfflineType::sentence, "sentence"}};
}

// How often a type is drawn, relative to the others. A type that a segment cannot serve is left out there.
struct TypeWeights {
  double planted = 1, cloze = 1, sentence = 1;
  void describe(Fields& f);
};

struct PlantedQuestions {
  std::string question;  // with {attribute}; empty: the wording that film synth was given
  void describe(Fields& f);
};

struct ClozeQuestions {
  std::string question = "Which words are missing at {blank} in this sentence of the context: \"{sentence}\"";
  std::string blank = "____";                  // put where the words were
  std::uint32_t min_words = 2, max_words = 4;  // left out; the answer
  void describe(Fields& f);
};

struct SentenceQuestions {
  std::string question = "In above context, which sentence contains the piece \"{piece}\"?";
  std::uint32_t piece_words = 8;  // consecutive words quoted
  void describe(Fields& f);
};

struct OfflineSettings {
  std::uint32_t attempts = 8;  // drafts drawn for one segment before it is given up
  std::uint32_t min_sentence_words = 10, max_sentence_words = 60;
  TypeWeights types;
  PlantedQuestions planted;
  ClozeQuestions cloze;
  SentenceQuestions sentence;
  void describe(Fields& f);
  void check() const;  // throws config_error
};

}  // namespace film::questions

#pragma once
// Settings of `film qa`.
#include <cstdint>
#include <string>

#include "film/base/settings.h"
#include "film/endpoint/settings.h"
#include "film/questions/endpoint_settings.h"

namespace film::questions {

// Shares of the question types of the offline generator. A type that a segment cannot serve is left out
// there.
struct TypeWeights {
  double planted = 1, cloze = 1, sentence = 1;
  void describe(Fields& f);
};

// Asks for the value of a planted record.
struct PlantedQuestions {
  std::string question;  // empty: the one that film synth was given
  void describe(Fields& f);
};

// Quotes a sentence with a run of words left out; the answer is those words.
struct ClozeQuestions {
  std::string question = "Which words are missing at {blank} in this sentence of the context: \"{sentence}\"";
  std::string blank = "____";
  std::uint32_t min_words = 2, max_words = 4;
  void describe(Fields& f);
};

// Quotes some consecutive words; the answer is the whole sentence (as VaL's document task, paper
// section 3.2).
struct SentenceQuestions {
  std::string question = "In above context, which sentence contains the piece \"{piece}\"?";
  std::uint32_t piece_words = 8;
  void describe(Fields& f);
};

struct QaSettings {
  std::uint64_t seed = 1;
  int threads = 0;
  std::string tokenizer;
  std::string generator = "offline";
  std::uint32_t per_context = 0;
  std::uint32_t attempts = 8;
  std::uint32_t min_sentence_words = 10, max_sentence_words = 60;
  TypeWeights types;
  PlantedQuestions planted;
  ClozeQuestions cloze;
  SentenceQuestions sentence;
  std::string import;
  double spares = 0;  // from here on: of generator "endpoint"
  PromptFiles prompts;
  QuestionFilters filters;
  endpoint::EndpointSettings endpoint;

  void describe(Fields& f);
  void check() const;  // throws config_error
};

}  // namespace film::questions

#pragma once
// Settings of questions that a model behind an endpoint writes.
#include <cstdint>
#include <string>

#include "film/base/settings.h"
#include "film/endpoint/settings.h"

namespace film::questions {

// Text files with {evidence} where the evidence goes. A change of their content is a change of the result.
struct PromptFiles {
  std::string fine_grained = "configs/prompts/fine_grained.txt";  // about one segment
  std::string integration = "configs/prompts/integration.txt";    // about the numbered pieces of a document
  std::string banned = "configs/prompts/banned.txt";  // phrases that no question or answer may contain
  void describe(Fields& f);
};

// What an answer must pass, cheapest first; docs/formats.md lists the reasons of rejection. Lengths in words.
struct QuestionFilters {
  std::uint32_t min_question_words = 4, max_question_words = 150;
  std::uint32_t max_answer_words = 300;
  std::uint32_t max_copied_words = 20;  // longest run of words shared with the evidence; 0 = any
  double min_answer_overlap = 0.1;  // least fraction of the answer's longer words and numbers in the evidence
  void describe(Fields& f);
};

struct EndpointQuestionSettings {
  double spares = 0;  // fraction of the contexts of a split and kind that replaces those without a question
  PromptFiles prompts;
  QuestionFilters filters;
  endpoint::EndpointSettings server;  // its keys are in the same group
  void describe(Fields& f);
};

}  // namespace film::questions

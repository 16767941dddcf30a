#pragma once
// Settings of questions that a model behind an endpoint writes.
#include <cstdint>
#include <string>

#include "film/base/settings.h"

namespace film::questions {

// Files with {evidence} where the text goes. A change of their content is a change of the result.
struct PromptFiles {
  std::string fine_grained = "configs/prompts/fine_grained.txt";
  std::string integration = "configs/prompts/integration.txt";
  std::string banned = "configs/prompts/banned.txt";
  void describe(Fields& f);
};

// What an answer must pass, cheapest first; docs/formats.md lists the reasons of rejection.
struct QuestionFilters {
  std::uint32_t min_question_words = 4, max_question_words = 150;
  std::uint32_t max_answer_words = 300;
  std::uint32_t max_copied_words = 20;
  double min_answer_overlap = 0.1;
  void describe(Fields& f);
};

}  // namespace film::questions

#include "film/questions/endpoint_settings.h"

namespace film::questions {

void PromptFiles::describe(Fields& f) {
  f.add("fine_grained", fine_grained, "prompt for one segment, with {evidence}").runtime();
  f.add("integration", integration, "prompt for the numbered pieces of a document, with {evidence}")
      .runtime();
  f.add("banned", banned, "phrases that no question or answer may contain, one a line").runtime();
}

void QuestionFilters::describe(Fields& f) {
  f.add("min_question_words", min_question_words, "shortest question").range(1, 10000).in("words");
  f.add("max_question_words", max_question_words, "longest question").range(1, 10000).in("words");
  f.add("max_answer_words", max_answer_words, "longest answer").range(1, 100000).in("words");
  f.add("max_copied_words", max_copied_words,
        "longest run of words that an answer may share with its evidence; 0 = any")
      .range(0, 10000)
      .in("words");
  f.add("min_answer_overlap", min_answer_overlap,
        "least fraction of an answer's longer words and numbers that occur in its evidence")
      .range(0, 1);
}

void EndpointQuestionSettings::describe(Fields& f) {
  f.add("spares", spares,
        "fraction of the contexts of each split and kind that is held back to replace those without a "
        "question")
      .range(0, 0.9);
  f.group("prompts", prompts);
  f.group("filters", filters);
  server.describe(f);
}

}  // namespace film::questions

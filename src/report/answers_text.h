#pragma once
#include <string>

#include "film/records/scores.h"

namespace film::report {

// "answers: 3 cut off at the limit of new tokens (scored as they are), 1 refused; 97 questions left out before asking
// (ambiguous)": what a score's notes say of answers that are not plainly given, and of questions that were not asked.
// Empty where there is nothing to say.
std::string answers_text(const Score& score);

// Of one answer, for a reader: "refused", "cut off at the limit of new tokens (scored as it is)"; or of several.
std::string state_text(AnswerState state, bool several = false);

}  // namespace film::report

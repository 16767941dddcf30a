#pragma once
// Whether a written question may be kept.
#include <string>
#include <vector>

#include "endpoint_answer.h"
#include "endpoint_prompts.h"
#include "film/questions/endpoint_settings.h"

namespace film::questions {

// The reason against it, or nullptr. Reasons: skipped, refusal, unparsable, no_question, no_answer,
// question_too_short, question_too_long, answer_too_long, names_its_source, answer_in_question,
// answer_unknown, copied, not_grounded; of integration also no_pieces, wrong_piece, too_few_pieces.
const char* problem_of(const ParsedAnswer& parsed, const Ask& ask, const QuestionFilters& filters,
                       const std::vector<std::string>& banned);

// The longest run of consecutive words that both texts share, compared in small letters without punctuation.
std::size_t longest_shared_run(std::string_view text, std::string_view other);

}  // namespace film::questions

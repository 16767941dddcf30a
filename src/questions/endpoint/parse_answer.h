#pragma once
// What a model wrote -> question, answer, pieces. Tolerant of form: JSON with prose or code fences around it,
// small faults of JSON, "Question: … Answer: …" lines. Thinking in front is left out, and so are drafts: of several answers
// the last whole one counts.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../reject_reason.h"

namespace film::questions {

struct ParsedAnswer {
  std::string question, answer;
  bool names_pieces = false;          // there was a list of pieces
  std::vector<std::uint32_t> pieces;  // numbers from 1, ascending, once each; 0 for what is not a number
  std::optional<RejectReason> reject_reason;  // skipped, refusal or unparsable
};

ParsedAnswer parse_answer(const std::string& written);

}  // namespace film::questions

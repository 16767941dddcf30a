#pragma once
// What a model wrote -> question, answer, pieces. Tolerant of form: JSON with prose or code fences around it,
// small faults of JSON, "Question: … Answer: …" lines.
#include <cstdint>
#include <string>
#include <vector>

namespace film::questions {

struct ParsedAnswer {
  std::string question, answer;
  bool names_pieces = false;          // a list of pieces was there
  std::vector<std::uint32_t> pieces;  // numbers from 1, ascending, once each; 0 for what is no number
  const char* problem = nullptr;      // reason of rejection: "skipped", "refusal", "unparsable"
};

ParsedAnswer parse_answer(const std::string& text);

}  // namespace film::questions

#pragma once
// A row of a task file -> the text that is asked.
#include <string>
#include <vector>

#include "rows.h"
#include "spec.h"

namespace film::tasks {

// Fills the placeholders in one pass, so that a context may hold "{question}". In front: the description, then the
// examples where the prompt does not say where they go.
std::string filled_prompt(const TaskSpec& spec, const TaskRow& row, const std::string& examples);

// Worked examples: each a filled prompt with its answer.
std::string filled_examples(const TaskSpec& spec, const std::vector<TaskRow>& rows);

// A text whose middle was left out: its first half and its last half, decoded from their ids and joined, as
// LongBench's pred.py does (<s> counts in the first half). `cut` tokens are gone; 0: the text is as it was.
struct Truncated {
  std::string text;
  std::size_t cut = 0;
};
Truncated without_middle(const std::string& text, std::uint32_t max_tokens, const text::Tokenizer& tokenizer);

}  // namespace film::tasks

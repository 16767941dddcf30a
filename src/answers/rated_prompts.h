#pragma once
// Whole prompts with choices, as ids for a model that rates them.
#include <span>
#include <string>
#include <vector>

#include "film/answers/answerer.h"

namespace film::answers {

struct RatedPrompt {
  text::TokenIds ids;                         // of the prompt, with <s> if it has one
  std::vector<text::TokenIds> continuations;  // one per choice, none empty
};

// Prompt and choice are encoded as one text, and cut where the prompt alone ends; white space at the end of a prompt belongs
// to the choices: lm-evaluation-harness's rule (TemplateLM._encode_pair). Throws bad_data for a choice that leaves no token.
RatedPrompt rated_prompt(const Request& request, const text::Tokenizer& tokenizer);

// How many ids of each prompt are read once for it and its neighbours. Either the beginning that a run of prompts has in
// common (worked examples), and the rest is read for every choice; or the prompt but for its last id, for its choices
// alone: whichever means fewer rows. Less than all ids of a prompt.
std::vector<std::size_t> shared_ids(std::span<const RatedPrompt> prompts);

}  // namespace film::answers

#pragma once
// What may change in a finished evaluation without anything being asked.
#include <optional>
#include <vector>

#include "film/evaluation/models.h"
#include "film/records/agreement.h"
#include "film/text/tokenizer.h"

namespace film::evaluation {

// Hashes of the rubrics by their settings, as in input_hashes(); null: there is none.
Json rubric_hashes(const JudgeSettings& judge);

// How far the verdicts in an EVAL folder agree with those in judge.human, in the order of Results::agreements. The rubrics are
// those of the folder. Throws bad_data for verdicts of people that are on none of its answers or no words of the rubric.
std::vector<Agreement> agreements_in(const fs::path& folder, const JudgeSettings& judge);

// Results::tokenizer of an evaluation.
std::optional<text::Tokenizer> tokenizer_of(const std::vector<Candidate>& models, const Settings& settings);

}  // namespace film::evaluation

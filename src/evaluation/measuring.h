#pragma once
// How much is asked at one time: the prompts of all tasks, made as they are asked, and counted instead of answered.
#include "film/engine/asking_plan.h"
#include "film/text/prompt_template.h"
#include "predictions.h"

namespace film::evaluation {

// The most of every kind over all calls of run_task; options.limit counts.
engine::AskingShape measured(const std::vector<tasks::Task>& tasks, const RunOptions& options,
                             const text::Tokenizer& tokenizer, const text::PromptTemplate& form);

}  // namespace film::evaluation

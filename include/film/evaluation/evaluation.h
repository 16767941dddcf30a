#pragma once
// Asks all models all tasks and sums up what they answered.
#include <cstdint>
#include <optional>
#include <vector>

#include "film/engine/asking_plan.h"
#include "film/evaluation/models.h"
#include "film/evaluation/settings.h"
#include "film/records/agreement.h"
#include "film/records/length_table.h"
#include "film/records/pairs.h"
#include "film/records/samples.h"
#include "film/records/scores.h"
#include "film/text/tokenizer.h"

namespace film::evaluation {

struct Results {
  std::vector<ModelScores> models;           // in the order of the candidates
  std::vector<Comparison> comparisons;       // of each other model with the first: by task, then by model
  std::vector<PairDifference> pairs;         // of any two models, corrected over pairs and tasks
  std::vector<LengthTable> lengths;          // of benchmarks of lengths: by model
  std::vector<Agreement> agreements;         // of the judge with people: by task, then by model
  std::vector<AnswerSample> samples;         // a few right and wrong answers of each model to each task
  std::vector<fs::path> files;               // predictions and samples, relative to EVAL
  std::optional<text::Tokenizer> tokenizer;  // that contexts are measured with; none if nothing needed one
};

// The tasks that outputs made elsewhere are of, as their rows or files name them, in their order. Throws config_error where
// one names none, bad_data.
std::vector<std::string> tasks_of_outputs(const Settings& settings);

// Writes EVAL/predictions/ and EVAL/samples.jsonl in `folder`; resumes what is there. `limit`: first questions of each task only; 0 = all.
Results evaluate(const std::vector<Candidate>& models, const Settings& settings, const fs::path& folder,
                 std::uint64_t limit);

// What asking one model here needs.
struct ModelPlan {
  std::string label;
  engine::AskingPlan plan;
  std::uint64_t limit = 0;  // bytes that it may take
  engine::DeviceKind device = engine::DeviceKind::cpu;
};

// Of every model that runs here, from all tasks and the device as it is now; no model is opened and nothing is written.
std::vector<ModelPlan> plan_memory(const std::vector<Candidate>& models, const Settings& settings,
                                   std::uint64_t limit);

// Writes the questions of all tasks with their contexts and answers as rows of `file`, whole or not at all; returns how many.
// No model is needed, but a tokenizer where contexts are measured in tokens.
std::uint64_t write_questions(const Settings& settings, const fs::path& file, std::uint64_t limit);

}  // namespace film::evaluation

#pragma once
// A model of a finished evaluation that is joined with others, and the questions that two of them share.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/records/scores.h"
#include "film/tasks/task.h"

namespace film::evaluation {

struct JoinedModel {
  fs::path eval;
  std::string label;   // there
  ModelScores scores;  // under its label here
};

// The models of an EVAL folder. Throws no_input and bad_data.
std::vector<JoinedModel> models_of(const fs::path& folder);
// As their folder has them; none where it has no such task.
std::vector<Prediction> predictions_of(const JoinedModel& model, const std::string& task);

// The questions that both were asked, as a task; those of one unit (Prediction::unit of the first) are of one
// context there, and so are all where the first has no units.
struct SharedQuestions {
  tasks::Task task;
  std::uint64_t same = 0, others = 0;  // questions under ids that both have
  // Of the ids that two evaluations both have, nine in ten must be the same questions: else the ids mean others.
  bool are_enough() const;
};
SharedQuestions shared_questions(const Score& score, const std::vector<Prediction>& first,
                                 const std::vector<Prediction>& second);

}  // namespace film::evaluation

#pragma once
// Answers to be read: which of a task's, and with how much of their contexts.
#include <string>
#include <vector>

#include "film/records/samples.h"
#include "film/tasks/task.h"

namespace film::evaluation {

// A few right and a few wrong answers, from the beginning to the end of the contexts where the task has positions; the
// same for the same predictions. Answers that are not scored are among the wrong ones: their state says what they are.
// Opens the contexts of those that it takes.
std::vector<AnswerSample> samples_of(const tasks::Task& task, const std::vector<Prediction>& predictions,
                                     const std::string& model);

}  // namespace film::evaluation

#pragma once
// Asks a model every question of a task and writes EVAL/predictions/TASK[.LABEL].jsonl as it goes. Stopped at any
// point, the same call resumes; the finished file has the same bytes however often it was stopped.
#include <cstdint>
#include <string>
#include <vector>

#include "film/answers/answerer.h"
#include "film/base/files.h"
#include "film/records/scores.h"
#include "film/tasks/task.h"

namespace film::evaluation {

struct RunOptions {
  fs::path folder;    // EVAL
  std::string label;  // of the model, e.g. "before"; may be empty
  std::uint32_t questions_per_call = 256;
  std::uint64_t limit = 0;  // first questions only; 0 = all
  // A call asks about several contexts at once: right for an endpoint, which answers many requests side by side. A
  // model that runs here reads one context per call, so that little is lost when it is stopped.
  bool across_contexts = false;
  double unscored_limit = 0.01;  // share of a task's questions that may stay without an answer
  bool asked = true;             // false: outputs made elsewhere are scored, and no context is opened
  bool ids_fit = true;           // Passage::ids are the model's own; else contexts go as text
};

// A context of a task, opened, and a question about it as it is asked. number: of the question in the task.
std::shared_ptr<const answers::Context> opened(const tasks::ContextItems& context, const RunOptions& options);
answers::Request request_of(const tasks::Task& task, const tasks::Item& item,
                            std::shared_ptr<const answers::Context> context, std::uint64_t number);

fs::path predictions_path(const RunOptions& options, const std::string& task);

// Items already in the file are not asked again (their score is computed again). Contexts are opened only where there
// is something to ask. Answers that cannot be scored (records/scores.h) are written to the finished file only, so that the next run asks
// again. Throws config_error if the file holds items that are not this task's, or when too many have no answer; stopped
// when a signal asked for it.
std::vector<Prediction> run_task(const tasks::Task& task, answers::Answerer& model,
                                 const RunOptions& options);

}  // namespace film::evaluation

#pragma once
// Outputs made elsewhere, given to the questions that they answer.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "film/answers/answerer.h"
#include "film/evaluation/models.h"
#include "film/outputs/outputs.h"
#include "film/tasks/build.h"

namespace film::evaluation {

// What one model said, by task. An output belongs to the task that its row or its file names; those that name none of
// the known tasks go to the tasks that have none, one after another, as many as each has rows of data.
class GivenOutputs {
 public:
  // Reads the files. `tasks`: names of those that are scored; outputs of other known tasks are left out with a warning.
  GivenOutputs(const Candidate& model, const Settings& settings, const tasks::Catalog& catalog);

  GivenOutputs(const GivenOutputs&) = delete;  // rows are pointers into outputs_
  GivenOutputs& operator=(const GivenOutputs&) = delete;

  // Reference answers that came with all outputs of a task of a file; empty: its data must be read.
  std::vector<tasks::GivenQuestion> questions_of(const std::string& task) const;

  // Of each task its answers, in the order of its items. An output answers the question with its id, else with its number,
  // else in its place, and then there must be as many outputs as rows of data. Throws bad_data.
  std::vector<std::vector<answers::Answer>> answers_to(const std::vector<tasks::Task>& tasks) const;

 private:
  using Rows = std::vector<const outputs::Output*>;
  std::map<std::string, Rows> with_unnamed(const std::vector<tasks::Task>& tasks) const;

  bool in_order_;
  std::vector<outputs::Output> outputs_;
  std::map<std::string, Rows> by_task_;
  Rows unnamed_;
  std::map<std::string, std::size_t> others_;  // outputs of known tasks that are not scored
};

// Says what was said elsewhere.
class GivenAnswerer : public answers::Answerer {
 public:
  // answers[i] is that to Request::item i.
  GivenAnswerer(std::vector<answers::Answer> answers, std::string description)
      : answers_(std::move(answers)), description_(std::move(description)) {}
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding& decoding) override;
  std::string describe() const override { return description_; }

 private:
  std::vector<answers::Answer> answers_;
  std::string description_;
};

// Whether every question is answered by outputs made elsewhere: then neither prompts nor a tokenizer are needed.
bool all_given(const std::vector<Candidate>& models);

}  // namespace film::evaluation

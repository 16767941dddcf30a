#include "join_pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/format.h"
#include "film/scores/pairs.h"
#include "film/scores/summary.h"

namespace film::evaluation {
namespace {

// One model's answers to one task.
struct Answered {
  const JoinedModel* model;
  const Score* score;
  std::vector<Prediction> predictions;
};

// Of all models, in the order in which they first name them.
std::vector<std::string> tasks_of(const std::vector<JoinedModel>& models) {
  std::vector<std::string> names;
  for (const JoinedModel& model : models)
    for (const Score& score : model.scores.scores)
      if (std::ranges::find(names, score.task) == names.end()) names.push_back(score.task);
  return names;
}

std::vector<Answered> answered(const std::vector<JoinedModel>& models, const std::string& task) {
  std::vector<Answered> list;
  for (const JoinedModel& model : models) {
    const auto found = std::ranges::find(model.scores.scores, task, &Score::task);
    if (found != model.scores.scores.end()) list.push_back({&model, &*found, predictions_of(model, task)});
  }
  return list;
}

// Several questions on one context, and nothing that says which: earlier versions did not write it.
bool lacks_units(const Answered& answers) {
  return answers.score->notes.contains("standard_error") &&
         std::ranges::none_of(answers.predictions, [](const Prediction& p) { return p.unit.has_value(); });
}

class Pairing {
 public:
  Pairing(const JoinedModel& base, const scores::Settings& summing) : base_(base), summing_(summing) {}

  void add(const Answered& first, const Answered& second) {
    const std::string &before = first.model->scores.label, &after = second.model->scores.label;
    const auto remark = [&](const std::string& text) {
      found_.remarks.push_back(fmt::format("{}, {} and {}: {}.", first.score->task, before, after, text));
    };
    if (first.score->metric != second.score->metric)
      return remark(fmt::format("scored by different metrics ({}, {}), so there is no paired difference",
                                first.score->metric, second.score->metric));
    const SharedQuestions shared = shared_questions(*first.score, first.predictions, second.predictions);
    if (!shared.are_enough()) return remark("not the same questions, so there is no paired difference");
    if (shared.same < std::max(first.predictions.size(), second.predictions.size()))
      remark(
          fmt::format("the difference is over the {} questions that both were asked", grouped(shared.same)));
    if (lacks_units(first))
      remark(
          "an earlier version of film did not record which questions share a context: each counts as one "
          "unit");
    if (first.model == &base_)
      found_.comparisons.push_back(
          scores::compare(shared.task, first.predictions, second.predictions, before, after, summing_));
    const auto pairs = scores::pair_differences(shared.task, {first.predictions, second.predictions},
                                                {before, after}, summing_);
    found_.pairs.insert(found_.pairs.end(), pairs.begin(), pairs.end());
  }

  Differences corrected() {
    scores::correct(found_.pairs);
    return std::move(found_);
  }

 private:
  const JoinedModel& base_;  // what the others are compared with
  const scores::Settings& summing_;
  Differences found_;
};

}  // namespace

Differences differences_of(const std::vector<JoinedModel>& models, const scores::Settings& summing) {
  Pairing pairing(models.front(), summing);
  for (const std::string& task : tasks_of(models)) {
    const std::vector<Answered> list = answered(models, task);
    for (std::size_t first = 0; first < list.size(); ++first)
      for (std::size_t second = first + 1; second < list.size(); ++second)
        pairing.add(list[first], list[second]);
  }
  return pairing.corrected();
}

}  // namespace film::evaluation

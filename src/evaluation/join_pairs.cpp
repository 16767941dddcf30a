#include "join_pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/scores/pairs.h"

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
  explicit Pairing(const scores::Settings& summing) : summing_(summing) {}

  // `remarked`: a remark on the same pair is made elsewhere.
  void add(const Answered& first, const Answered& second, bool remarked) {
    const std::string who = fmt::format("{}, {} and {}: ", first.score->task, first.model->scores.label,
                                        second.model->scores.label);
    if (first.score->metric != second.score->metric)
      return remark(!remarked, who + "scored by different metrics, so there is no paired difference.");
    const SharedQuestions shared = shared_questions(*first.score, first.predictions, second.predictions);
    if (!shared.are_enough())
      return remark(!remarked, who + "not the same questions, so there is no paired difference.");
    remark(lacks_units(first),
           who +
               "an earlier version of film did not record which questions share a context: each counts "
               "as one unit.");
    const auto pairs =
        scores::pair_differences(shared.task, {first.predictions, second.predictions},
                                 {first.model->scores.label, second.model->scores.label}, summing_);
    joined_.pairs.insert(joined_.pairs.end(), pairs.begin(), pairs.end());
  }

  JoinedPairs corrected() {
    scores::correct(joined_.pairs);
    return std::move(joined_);
  }

 private:
  void remark(bool made, std::string text) {
    if (made) joined_.remarks.push_back(std::move(text));
  }

  const scores::Settings& summing_;
  JoinedPairs joined_;
};

}  // namespace

JoinedPairs pairs_of(const std::vector<JoinedModel>& models, const scores::Settings& summing) {
  Pairing pairing(summing);
  for (const std::string& task : tasks_of(models)) {
    const std::vector<Answered> list = answered(models, task);
    for (std::size_t first = 0; first < list.size(); ++first)
      for (std::size_t second = first + 1; second < list.size(); ++second)
        pairing.add(list[first], list[second], list[first].model == &models.front());
  }
  return pairing.corrected();
}

}  // namespace film::evaluation

#include "film/evaluation/finished.h"

#include <algorithm>

#include "film/base/content_hash.h"
#include "film/base/error.h"
#include "film/base/shipped_file.h"
#include "human_verdicts.h"
#include "joined_model.h"
#include "judging.h"
#include "opening.h"

namespace film::evaluation {
namespace {

// The rubrics that the settings name.
std::vector<Rubric> rubrics_of(const JudgeSettings& judge) {
  std::vector<Rubric> list;
  for (const std::string& file : {judge.rubric, judge.rubric_unanswerable})
    if (!file.empty()) list.push_back(read_rubric(file));
  return list;
}

// The one that a task of verdicts was judged by.
const Rubric& rubric_of(const Score& score, const std::vector<Rubric>& rubrics) {
  const auto found = std::ranges::find(rubrics, score.notes["rubric"].value("sha256", ""), &Rubric::sha256);
  if (found == rubrics.end()) throw internal_error(score.task + " was judged by another rubric");
  return *found;
}

}  // namespace

Json rubric_hashes(const JudgeSettings& judge) {
  const auto hash = [](const std::string& file) {
    return file.empty() ? Json() : Json(content_hash(shipped_file(file)));
  };
  return {{"judge.rubric", hash(judge.rubric)},
          {"judge.rubric_unanswerable", hash(judge.rubric_unanswerable)}};
}

std::vector<Agreement> agreements_in(const fs::path& folder, const JudgeSettings& judge) {
  const std::vector<JoinedModel> models = models_of(folder);
  const std::vector<Rubric> rubrics = rubrics_of(judge);
  HumanVerdicts people(judge.human);
  std::vector<Agreement> list;
  for (const Score& score : models.front().scores.scores) {
    if (!score.notes.contains("rubric")) continue;
    std::vector<HumanVerdicts::Answers> answers;
    for (const JoinedModel& model : models)
      answers.push_back({model.label, predictions_of(model, score.task)});
    const auto found = people.agreements(task_before_judge(score.task), rubric_of(score, rubrics), answers);
    list.insert(list.end(), found.begin(), found.end());
  }
  people.finish();
  return list;
}

std::optional<text::Tokenizer> tokenizer_of(const std::vector<Candidate>& models, const Settings& settings) {
  return measuring_tokenizer(models, settings, tasks::Catalog(settings.tasks.task_folders));
}

}  // namespace film::evaluation

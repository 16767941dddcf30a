#include "film/evaluation/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/lines.h"
#include "film/folders/eval_folder.h"
#include "film/folders/open_folder.h"
#include "film/scores/summary.h"
#include "predictions.h"

namespace film::evaluation {
namespace {

// Of the ids that two evaluations both have, the share that must be the same questions: else the ids mean others.
constexpr double kSameQuestions = 0.9;

struct JoinedModel {
  fs::path eval;
  std::string label;  // there
  ModelScores scores;
};

std::vector<JoinedModel> models_of(const fs::path& folder) {
  const folders::EvalFolder eval(folder);
  const std::string where = (folder / "scores.json").string();
  std::vector<JoinedModel> list;
  for (const Json& model : member<Json>(eval.scores(), "models", where)) {
    auto scores = from_json<ModelScores>(model, where);
    list.push_back({folder, scores.label, std::move(scores)});
  }
  return list;
}

// The same weights gave the same scores: the starting point of two runs, say.
bool is_same(const JoinedModel& a, const JoinedModel& b) {
  const bool weights = a.scores.origin && b.scores.origin && !a.scores.origin->sha256.empty() &&
                       a.scores.origin->sha256 == b.scores.origin->sha256 &&
                       a.scores.description == b.scores.description;
  if (!weights || a.scores.scores.size() != b.scores.scores.size()) return false;
  for (std::size_t i = 0; i < a.scores.scores.size(); ++i)
    if (to_json(a.scores.scores[i]) != to_json(b.scores.scores[i])) return false;
  return true;
}

std::vector<Prediction> predictions_of(const JoinedModel& model, const std::string& task) {
  std::vector<Prediction> list;
  const fs::path file = predictions_path({.folder = model.eval, .label = model.label}, task);
  if (!fs::exists(file)) return list;
  for_each_record(file, [&](const Json& line, const std::string& where) {
    list.push_back(from_json<Prediction>(line, where));
  });
  return list;
}

bool is_same_question(const Prediction& a, const Prediction& b) {
  const auto slot = [](const Prediction& p) { return p.evidence.value_or(EvidenceSlot{}); };
  return a.expected == b.expected && slot(a).slot == slot(b).slot && slot(a).slots == slot(b).slots;
}

// The questions that both were asked, as a task that compare() takes.
struct Shared {
  tasks::Task task;
  std::uint64_t same = 0, others = 0;  // questions under ids that both have
};

Shared shared_questions(const Score& score, const std::vector<Prediction>& first,
                        const std::vector<Prediction>& second) {
  std::map<std::string, const Prediction*> by_id;
  for (const Prediction& prediction : second) by_id.emplace(prediction.id, &prediction);
  Shared shared;
  shared.task.name = score.task;
  shared.task.metric = score.metric;
  shared.task.pattern = score.pattern;
  shared.task.contexts.emplace_back();
  for (const Prediction& p : first) {
    const auto found = by_id.find(p.id);
    if (found == by_id.end()) continue;
    const bool same = is_same_question(p, *found->second);
    ++(same ? shared.same : shared.others);
    if (same) shared.task.contexts[0].items.push_back({p.id, "", {p.expected}, {}, p.evidence});
  }
  return shared;
}

// How an EVAL folder summed up its scores.
scores::Settings summing_of(const fs::path& eval) {
  scores::Settings summing;
  Fields fields;
  summing.describe(fields);
  const Json recorded = folders::all_recorded_settings(eval);
  Json known = Json::object();
  for (const Field& field : fields.all())
    if (recorded.contains(field.key)) known[field.key] = recorded[field.key];
  fields.apply(known, (eval / "settings.json").string());
  summing.seed = recorded.value("seed", summing.seed);
  return summing;
}

class Joiner {
 public:
  Joiner(const std::vector<fs::path>& evals, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < evals.size(); ++i)
      for (JoinedModel& model : models_of(evals[i])) take(std::move(model), names[i]);
    make_labels_unique();
  }

  Joined operator()() {
    summing_ = summing_of(models_.front().eval);
    for (const JoinedModel& model : models_) joined_.models.push_back(model.scores);
    for (const Score& score : models_.front().scores.scores)
      for (std::size_t m = 1; m < models_.size(); ++m) compare(score, models_[m]);
    add_samples();
    return std::move(joined_);
  }

 private:
  void take(JoinedModel model, const std::string& name) {
    for (std::size_t m = 0; m < models_.size(); ++m)
      if (models_[m].eval != model.eval && is_same(models_[m], model)) {
        joined_.remarks.push_back(fmt::format("{} of {} is {} of {} again, and shown once.", model.label,
                                              name, models_[m].label, names_[m]));
        return;
      }
    models_.push_back(std::move(model));
    names_.push_back(name);
  }

  void make_labels_unique() {
    std::map<std::string, int> seen;
    for (const JoinedModel& model : models_) ++seen[model.label];
    for (std::size_t m = 0; m < models_.size(); ++m)
      if (seen[models_[m].label] > 1) models_[m].scores.label = names_[m] + " " + models_[m].label;
  }

  void compare(const Score& score, const JoinedModel& other) {
    const auto& scores = other.scores.scores;
    const auto found = std::ranges::find(scores, score.task, &Score::task);
    if (found == scores.end()) return;
    const std::string who = score.task + ", " + other.scores.label + ": ";
    if (found->metric != score.metric) {
      joined_.remarks.push_back(who + "scored by another metric (" + found->metric + ", not " + score.metric +
                                "), so there is no difference.");
      return;
    }
    const JoinedModel& first = models_.front();
    const auto before = predictions_of(first, score.task), after = predictions_of(other, score.task);
    const Shared shared = shared_questions(score, before, after);
    const std::uint64_t both = shared.same + shared.others;
    if (both == 0 || static_cast<double>(shared.same) < kSameQuestions * static_cast<double>(both)) {
      joined_.remarks.push_back(who + "not the questions of " + first.scores.label +
                                ", so there is no paired difference.");
      return;
    }
    if (shared.same < std::max(before.size(), after.size()))
      joined_.remarks.push_back(
          fmt::format("{}the difference is over the {} questions that {} was asked too.", who,
                      grouped(shared.same), first.scores.label));
    joined_.comparisons.push_back(
        scores::compare(shared.task, before, after, first.scores.label, other.scores.label, summing_));
  }

  // Of all models, under their labels here, task by task.
  void add_samples() {
    for (const JoinedModel& model : models_)
      for (AnswerSample& sample : folders::EvalFolder(model.eval).samples()) {
        if (sample.model != model.label) continue;
        sample.model = model.scores.label;
        joined_.samples.push_back(std::move(sample));
      }
    const auto order = [&](const AnswerSample& sample) {
      const auto& first = models_.front().scores.scores;
      return std::pair(std::ranges::find(first, sample.prediction.task, &Score::task) - first.begin(),
                       sample.prediction.task);
    };
    std::ranges::stable_sort(joined_.samples, {}, order);
  }

  std::vector<JoinedModel> models_;
  std::vector<std::string> names_;  // of their folders
  scores::Settings summing_;
  Joined joined_;
};

}  // namespace

Joined join(const std::vector<fs::path>& evals, const std::vector<std::string>& names) {
  return Joiner(evals, names)();
}

}  // namespace film::evaluation

#include "film/evaluation/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/folders/eval_folder.h"
#include "film/folders/open_folder.h"
#include "join_pairs.h"
#include "joined_model.h"

namespace film::evaluation {
namespace {

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
    for (const JoinedModel& model : models_) joined_.models.push_back(model.scores);
    add_differences();
    add_rows("lengths", joined_.lengths);
    add_rows("agreements", joined_.agreements);
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

  void add_differences() {
    Differences found = differences_of(models_, summing_of(models_.front().eval));
    joined_.comparisons = std::move(found.comparisons);
    joined_.pairs = std::move(found.pairs);
    joined_.remarks.insert(joined_.remarks.end(), found.remarks.begin(), found.remarks.end());
  }

  // Rows of scores.json that are about one model, of those that are shown, under their labels here.
  template <class Row>
  void add_rows(const char* key, std::vector<Row>& list) const {
    for (const JoinedModel& model : models_) {
      const Json scores = folders::EvalFolder(model.eval).scores();
      for (const Json& json : scores.value(key, Json::array())) {
        Row row = from_json<Row>(json, (model.eval / "scores.json").string());
        if (row.model != model.label) continue;
        row.model = model.scores.label;
        list.push_back(std::move(row));
      }
    }
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
  Joined joined_;
};

}  // namespace

Joined join(const std::vector<fs::path>& evals, const std::vector<std::string>& names) {
  return Joiner(evals, names)();
}

}  // namespace film::evaluation

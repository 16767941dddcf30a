#include "joined_model.h"

#include <map>

#include "film/base/lines.h"
#include "film/folders/eval_folder.h"
#include "predictions.h"

namespace film::evaluation {
namespace {

bool is_same_question(const Prediction& a, const Prediction& b) {
  const auto slot = [](const Prediction& p) { return p.evidence.value_or(EvidenceSlot{}); };
  return a.expected == b.expected && slot(a).slot == slot(b).slot && slot(a).slots == slot(b).slots;
}

}  // namespace

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

std::vector<Prediction> predictions_of(const JoinedModel& model, const std::string& task) {
  std::vector<Prediction> list;
  const fs::path file = predictions_path({.folder = model.eval, .label = model.label}, task);
  if (!fs::exists(file)) return list;
  for_each_record(file, [&](const Json& line, const std::string& where) {
    list.push_back(from_json<Prediction>(line, where));
  });
  return list;
}

SharedQuestions shared_questions(const Score& score, const std::vector<Prediction>& first,
                                 const std::vector<Prediction>& second) {
  std::map<std::string, const Prediction*> by_id;
  for (const Prediction& prediction : second) by_id.emplace(prediction.id, &prediction);
  SharedQuestions shared;
  shared.task.name = score.task;
  shared.task.metric = score.metric;
  shared.task.pattern = score.pattern;
  std::map<std::optional<std::uint64_t>, std::size_t> context_of;  // by unit
  for (const Prediction& p : first) {
    const auto found = by_id.find(p.id);
    if (found == by_id.end()) continue;
    const bool same = is_same_question(p, *found->second);
    ++(same ? shared.same : shared.others);
    if (!same) continue;
    const auto [context, is_new] = context_of.emplace(p.unit, shared.task.contexts.size());
    if (is_new) shared.task.contexts.emplace_back();
    shared.task.contexts[context->second].items.push_back({p.id, "", {p.expected}, {}, p.evidence});
  }
  return shared;
}

bool SharedQuestions::are_enough() const {
  constexpr double kSame = 0.9;
  const std::uint64_t both = same + others;
  return both > 0 && static_cast<double>(same) >= kSame * static_cast<double>(both);
}

}  // namespace film::evaluation

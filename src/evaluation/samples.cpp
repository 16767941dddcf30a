#include "samples.h"

#include <algorithm>
#include <unordered_map>

namespace film::evaluation {
namespace {

constexpr std::size_t kRight = 2, kWrong = 3;   // of each model and task
constexpr std::size_t kLongestQuestion = 1500;  // characters; task files may have the context in it

struct Asked {
  const tasks::Item* item;
  const tasks::ContextItems* context;
};

std::unordered_map<std::string, Asked> asked_by_id(const tasks::Task& task) {
  std::unordered_map<std::string, Asked> asked;
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items) asked.emplace(item.id, Asked{&item, &context});
  return asked;
}

double depth_of(const Prediction* prediction) {
  return prediction->evidence ? prediction->evidence->depth() : 0;
}

// `wanted` of the list, at equal distances in the order of their depth.
std::vector<const Prediction*> spread(std::vector<const Prediction*> list, std::size_t wanted) {
  std::ranges::stable_sort(list, {}, depth_of);
  std::vector<const Prediction*> chosen;
  const std::size_t count = std::min(wanted, list.size());
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(list[(2 * i + 1) * list.size() / (2 * count)]);
  return chosen;
}

AnswerSample sample(const Prediction& prediction, const Asked& asked, const std::string& model, bool judged) {
  const std::string& question = judged ? asked.item->asked : asked.item->question;
  AnswerSample made{model, without_middle(question, kLongestQuestion), prediction, {}};
  if (!asked.context->open) return made;
  std::vector<std::uint32_t> evidence;
  if (prediction.evidence) evidence.push_back(prediction.evidence->slot);
  const std::string taken = prediction.score < 1 ? prediction.output : "";
  made.context = around_evidence(asked.context->open().pieces, evidence, taken);
  return made;
}

}  // namespace

std::vector<AnswerSample> samples_of(const tasks::Task& task, const std::vector<Prediction>& predictions,
                                     const std::string& model) {
  std::vector<const Prediction*> right, wrong;
  for (const Prediction& prediction : predictions)
    (prediction.is_scored() && prediction.score >= 1 ? right : wrong).push_back(&prediction);
  const auto asked = asked_by_id(task);
  std::vector<AnswerSample> samples;
  for (const auto& list : {spread(wrong, kWrong), spread(right, kRight)})
    for (const Prediction* prediction : list)
      if (const auto found = asked.find(prediction->id); found != asked.end())
        samples.push_back(sample(*prediction, found->second, model, !task.verdicts.empty()));
  return samples;
}

}  // namespace film::evaluation

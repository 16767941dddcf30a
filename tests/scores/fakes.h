#pragma once
// Hand-made tasks and predictions.
#include <fmt/format.h>

#include <functional>

#include "film/records/scores.h"
#include "film/tasks/task.h"

namespace film::scores::testing {

// `contexts` contexts of `slots` pieces, a question on each piece; its answer is "word SLOT".
inline tasks::Task made_task(std::uint32_t contexts, std::uint32_t slots,
                             const std::string& metric = "exact match") {
  tasks::Task task;
  task.name = "made";
  task.metric = metric;
  for (std::uint32_t c = 0; c < contexts; ++c) {
    tasks::Passage passage;
    tasks::ContextItems context;
    for (std::uint32_t s = 0; s < slots; ++s) {
      passage.pieces.push_back(fmt::format("fact {} of context {}", s, c));
      context.items.push_back({fmt::format("{:04}-{:05}", c, s),
                               fmt::format("what is {}?", s),
                               {fmt::format("word {}", s)},
                               {},
                               EvidenceSlot{s, slots}});
    }
    context.open = [passage] { return passage; };
    task.contexts.push_back(std::move(context));
  }
  return task;
}

// The same questions, but nobody knows where their evidence is.
inline tasks::Task without_positions(tasks::Task task) {
  for (tasks::ContextItems& context : task.contexts)
    for (tasks::Item& item : context.items) item.evidence.reset();
  return task;
}

inline std::vector<Prediction> predictions(const tasks::Task& task,
                                           const std::function<double(const tasks::Item&)>& score) {
  std::vector<Prediction> result;
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items)
      result.push_back({task.name, item.id, "", item.answers[0], item.evidence, {}, score(item)});
  return result;
}

}  // namespace film::scores::testing

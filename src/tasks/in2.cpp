// Held-out questions of a DATA folder, by the slot of their evidence.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "film/base/error.h"
#include "probes.h"

namespace film::tasks {
namespace {

struct Tally {
  std::uint64_t several = 0, questions = 0, extractive = 0;
  Json types = Json::object();
};

void count_labels(const Question& question, Tally& tally) {
  ++tally.questions;
  if (!question.labels.is_object()) return;
  const auto extractive = question.labels.find("extractive");
  if (extractive != question.labels.end() && extractive->is_boolean() && extractive->get<bool>())
    ++tally.extractive;
  const auto type = question.labels.find("type");
  if (type == question.labels.end() || !type->is_string()) return;
  const std::string name = type->get<std::string>();
  tally.types[name] = tally.types.value(name, std::uint64_t{0}) + 1;
}

// Where a question is on the curve; nothing: nowhere.
std::optional<EvidenceSlot> place_of(const Question& question, std::uint32_t segments, Several several) {
  if (question.evidence.empty()) return {};
  if (question.evidence.size() == 1) return EvidenceSlot{question.evidence[0], segments};
  const auto [first, last] = std::ranges::minmax(question.evidence);
  switch (several) {
    case Several::first:
      return EvidenceSlot{first, segments};
    case Several::last:
      return EvidenceSlot{last, segments};
    case Several::spread:
      return EvidenceSlot{last - first, segments};
    default:
      return {};
  }
}

// Questions of one example that have a place, as long as fewer than `wanted` are taken.
ContextItems items_of(const HeldOut& held, std::size_t number, std::uint64_t wanted, Several several,
                      Tally& tally) {
  ContextItems context{{}, held.open};
  for (std::size_t q = 0; q < held.example.questions.size() && tally.questions < wanted; ++q) {
    const Question& question = held.example.questions[q];
    const auto place = place_of(question, held.segments, several);
    if (!place) {
      ++tally.several;
      continue;
    }
    count_labels(question, tally);
    context.items.push_back(
        {fmt::format("{:06}-{:03}", number, q), question.question, {question.answer}, {}, place});
  }
  return context;
}

}  // namespace

Task build_in2(const BuildInput& input) {
  const In2Settings& settings = input.settings.in2;
  Task task;
  task.decoding.max_new_tokens = settings.max_new_tokens;
  task.metric = settings.metric;
  Tally tally;
  const std::uint64_t wanted = settings.items == 0 ? UINT64_MAX : settings.items;
  for (std::size_t number = 0; number < input.held_out.size(); ++number) {
    const HeldOut& held = input.held_out[number];
    if (std::find(settings.kinds.begin(), settings.kinds.end(), held.example.kind) == settings.kinds.end())
      continue;
    ContextItems context = items_of(held, number, wanted, settings.several, tally);
    if (!context.items.empty()) task.contexts.push_back(std::move(context));
  }
  if (tally.questions == 0)
    throw no_input(fmt::format("in2: none of the {} held-out examples fits in2.kinds", input.held_out.size()),
                   "widen in2.kinds, or ask about evidence in one place");
  task.notes["contexts"] = task.contexts.size();
  task.notes["extractive"] = tally.extractive;
  task.notes["types"] = tally.types;
  task.notes["left_out"] = {{"evidence in several places or none", tally.several}};
  if (settings.several != Several::leave_out)
    task.notes["several pieces of evidence"] = name_of(settings.several);
  if (!settings.remark.empty()) task.notes["remark"] = settings.remark;
  if (settings.answers == Answers::rated) rate_answers(task);
  return task;
}

}  // namespace film::tasks

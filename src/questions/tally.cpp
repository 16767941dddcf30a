#include "tally.h"

namespace film::questions {

void Tally::count(const Context& context, const WrittenQuestions& written) {
  ++counts_.contexts;
  if (written.kept.empty())
    ++counts_.contexts_without_questions;
  else
    count_kept(context, written.kept);
  for (const RejectedQuestion& question : written.rejected) reject(question.reason);
}

void Tally::count_kept(const Context& context, const std::vector<Question>& kept) {
  const std::string split = name_of(context.split);
  ++counts_.examples.count;
  ++counts_.examples.by_split[split];
  std::vector<std::uint64_t>& slots = counts_.slots.counts;
  for (const Question& question : kept) {
    ++counts_.questions.count;
    ++counts_.questions.by_type[question.labels.value("type", "")];
    ++counts_.questions.by_split[split];
    for (const std::uint32_t slot : question.evidence)
      ++slots[(2 * std::uint64_t{slot} + 1) * slots.size() / (2 * context.segments.size())];
  }
}

void Tally::reject(RejectReason reason) {
  ++counts_.rejected.count;
  ++counts_.rejected.by_reason[name_of(reason)];
}

bool Tally::rejected_for(RejectReason reason) const {
  return counts_.rejected.by_reason.contains(name_of(reason));
}

std::string Tally::reasons_text() const {
  std::string text;
  for (const auto& [reason, count] : counts_.rejected.by_reason)
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  return text.empty() ? "no context names evidence" : text;
}

}  // namespace film::questions

#include "qa_tally.h"

#include <fmt/format.h>

#include "film/base/progress.h"
#include "film/questions/qa.h"

namespace film::questions {

void QaTally::count(const Context& context, const WrittenQuestions& written) {
  ++contexts_;
  if (!written.kept.empty()) {
    ++examples_;
    ++examples_by_split_[context.split];
  }
  for (const Question& question : written.kept) {
    ++kept_;
    ++by_type_[question.labels.value("type", "")];
    ++by_split_[context.split];
    for (const std::uint32_t slot : question.evidence)
      ++slots_[(2 * std::uint64_t{slot} + 1) * kBins / (2 * context.segments.size())];
  }
  rejected_ += written.rejected.size();
  for (const RejectedQuestion& question : written.rejected) ++by_reason_[question.reason];
}

std::string QaTally::reasons_text() const {
  std::string text;
  for (const auto& [reason, count] : by_reason_)
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count);
  return text.empty() ? "no context names evidence" : text;
}

std::string QaTally::advice() const {
  if (by_reason_.contains("nothing_to_ask"))
    return "no record is planted where questions are asked: raise types.cloze or types.sentence, or plant "
           "records";
  return "lower min_sentence_words, or raise attempts";
}

Json QaTally::facts() const {
  return {{"contexts", contexts_},
          {"examples", {{"count", examples_}, {"by_split", examples_by_split_}}},
          {"contexts_without_questions", contexts_ - examples_},
          {"questions", {{"count", kept_}, {"by_type", by_type_}, {"by_split", by_split_}}},
          {"rejected", {{"count", rejected_}, {"by_reason", by_reason_}}},
          {"slots", {{"counts", slots_}}}};
}

std::string qa_summary(const Json& manifest) {
  const auto row = [](const std::string& name, const Json& count) {
    return fmt::format("{:<28}{:>12}\n", name, grouped(count.get<std::uint64_t>()));
  };
  std::string text = row("contexts", manifest.at("contexts"));
  text += row("examples", manifest.at("examples").at("count"));
  text += row("contexts without questions", manifest.at("contexts_without_questions"));
  text += row("questions", manifest.at("questions").at("count"));
  for (const char* group : {"by_type", "by_split"})
    for (const auto& [name, count] : manifest.at("questions").at(group).items())
      text += row("  " + name, count);
  text += row("rejected", manifest.at("rejected").at("count"));
  for (const auto& [reason, count] : manifest.at("rejected").at("by_reason").items())
    text += row("  " + reason, count);
  return text;
}

}  // namespace film::questions

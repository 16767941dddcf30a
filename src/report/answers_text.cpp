#include "answers_text.h"

#include <fmt/format.h>

#include "film/base/format.h"
#include "film/base/terminal.h"

namespace film::report {
namespace {

// Counts by name, where a note has them.
Json counts_of(const Score& score, const char* note) {
  const auto found = score.notes.find(note);
  return found != score.notes.end() && found->is_object() ? *found : Json::object();
}

// A count as the notes have it; 0 for anything else.
std::uint64_t whole(const Json& count) {
  return count.is_number_integer() && count > 0 ? count.get<std::uint64_t>() : 0;
}

std::string states(const Score& score) {
  const Json counts = counts_of(score, "answers");
  std::string text;
  for (const auto& [name, count] : counts.items()) {
    const std::optional<AnswerState> state = from_name<AnswerState>(name);
    text += (text.empty() ? "" : ", ") + grouped(whole(count)) + " " +
            (state ? state_text(*state, true) : printable(name));
  }
  return text.empty() ? "" : "answers: " + text;
}

std::string left_out(const Score& score) {
  const Json counts = counts_of(score, "left_out");
  std::uint64_t sum = 0;
  std::string reasons;
  for (const auto& [reason, count] : counts.items()) {
    if (whole(count) == 0) continue;
    sum += whole(count);
    reasons += (reasons.empty() ? "" : ", ") + printable(reason);
  }
  return sum == 0 ? ""
                  : fmt::format("{} {} left out before asking ({})", grouped(sum),
                                sum == 1 ? "question" : "questions", reasons);
}

std::string unanswered(const Score& score) {
  const auto found = score.notes.find("unanswered");
  if (found == score.notes.end() || whole(*found) == 0) return "";
  return grouped(whole(*found)) + " not asked, or without an answer that can be scored";
}

}  // namespace

std::string answers_text(const Score& score) {
  std::string text;
  for (const std::string& part : {states(score), unanswered(score), left_out(score)})
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::string state_text(AnswerState state, bool several) {
  switch (state) {
    case AnswerState::given:
      return "given";
    case AnswerState::cut:
      return std::string("cut off at the limit of new tokens (scored as ") +
             (several ? "they are)" : "it is)");
    case AnswerState::empty:
      return "empty";
    case AnswerState::refused:
      return "refused";
    case AnswerState::thinking:
      return "reasoning without an answer";
    case AnswerState::prompt_cut:
      return "to a prompt that the server cut";
    case AnswerState::failed:
      return "without a reply";
    case AnswerState::unjudged:
      return "without a verdict in the judge's reply";
  }
  return name_of(state);
}

}  // namespace film::report

#include "unscored.h"

#include <fmt/format.h>

#include "film/base/error.h"

namespace film::evaluation {
namespace {

std::string remedy(AnswerState state) {
  switch (state) {
    case AnswerState::thinking:
      return "--set endpoint.reasoning=off, or leave space for it: --set endpoint.reasoning_tokens=4000";
    case AnswerState::prompt_cut:
      return "start the server with a longer context (Ollama: num_ctx), or use shorter contexts";
    case AnswerState::empty:
      return "compare the model's name, its chat template and max_new_tokens with what the server expects";
    case AnswerState::unjudged:
      return "compare the judge's replies in journal.judge.jsonl with what the rubric asks for, or take "
             "another judge";
    case AnswerState::failed:
      return "check that the server is up, then rerun the same command: what was answered is kept";
    default:
      return "change the setting that the server names, or use shorter contexts or another model";
  }
}

}  // namespace

void Unscored::add(const Prediction& prediction) {
  ++counts_[prediction.state.value_or(AnswerState::given)];
  ++count_;
  last_ = prediction;
}

void Unscored::check(const std::string& task, const std::string& model, std::uint64_t total, double limit,
                     bool asked) const {
  if (count_ == 0 || static_cast<double>(count_) <= limit * static_cast<double>(total)) return;
  std::string by_state;
  for (const auto& [state, count] : counts_)
    by_state += (by_state.empty() ? "" : ", ") + name_of(state) + " " + std::to_string(count);
  const AnswerState last = last_.state.value_or(AnswerState::given);
  const std::string what = fmt::format(
      "{}: {} of {} questions have no answer that can be scored ({}), more than unscored_limit allows; the "
      "last of {}: {}",
      task, count_, total, by_state, model, last_.detail.value_or(""));
  if (!asked)
    throw bad_data(
        what,
        "outputs that are no answers are left out, not scored: complete the file, or allow so many "
        "with --set unscored_limit=SHARE");
  if (last == AnswerState::failed) throw unavailable(what, remedy(last));
  throw config_error(what, remedy(last));
}

}  // namespace film::evaluation

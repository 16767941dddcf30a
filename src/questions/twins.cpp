#include "twins.h"

#include <algorithm>
#include <set>

#include "film/base/error.h"
#include "film/base/script.h"
#include "film/base/strings.h"
#include "film/base/words.h"

namespace film::questions {
namespace {

// Positions at which the two hold different segments.
std::vector<std::uint32_t> replaced_in(const Context& twin, const Context& context) {
  std::vector<std::uint32_t> positions;
  for (std::uint32_t i = 0; i < twin.segments.size(); ++i)
    if (twin.segments[i] != context.segments.at(i)) positions.push_back(i);
  return positions;
}

}  // namespace

bool has_answer(const std::string& text, const std::string& answer) {
  return contains_word(text, to_lower(trim(answer, ".!?。！？")));
}

void Refusal::describe(Fields& f) {
  f.add("script", script, "of the question, as Latn or Hani (ISO 15924); empty: any other");
  f.add("text", text, "the answer");
}

void TwinSettings::describe(Fields& f) {
  f.list("answers", answers,
         "what is answered where the context holds no answer (contexts.twins of film synth): list of "
         "{\"script\", \"text\"}");
}

const std::string& TwinSettings::answer_to(std::string_view question) const {
  const std::string script = script_of(question);
  auto found = std::ranges::find(answers, script, &Refusal::script);
  if (found == answers.end()) found = std::ranges::find(answers, "", &Refusal::script);
  return found->text;
}

void TwinSettings::check() const {
  std::set<std::string> scripts;
  for (const Refusal& answer : answers) {
    if (!answer.script.empty() && !is_script(answer.script))
      throw config_error("twins.answers: \"" + answer.script + "\" is no script",
                         "use a code of four letters, such as Latn, Hani or Cyrl");
    if (!scripts.insert(answer.script).second)
      throw config_error("twins.answers: script \"" + answer.script + "\" is listed twice");
    if (trim(answer.text).empty())
      throw config_error("twins.answers: the answer for script \"" + answer.script + "\" is empty");
  }
  if (!scripts.contains(""))
    throw config_error(
        "twins.answers has no answer for all other scripts",
        R"(add one with an empty script: {"script": "", "text": "The context does not say."})");
}

Twins::Twins(const Source& source, const TwinSettings& settings)
    : source_(source),
      settings_(settings),
      share_(source.data.facts().contexts.twins ? source.data.facts().contexts.twins->share : 0) {
  const std::vector<Context>& contexts = source.data.contexts();
  for (auto twin = contexts.rbegin(); twin != contexts.rend() && twin->twin_of; ++twin)
    twin_of_[*twin->twin_of] = &*twin;
}

std::vector<Twins::Asked> Twins::after(const Context& context, const std::vector<Question>& kept) {
  std::vector<Asked> asked;
  if (context.split != Split::train || share_ == 0) return asked;
  kept_ += kept.size();
  facts_.wanted = static_cast<std::uint64_t>(share_ * static_cast<double>(kept_) + 1e-9);
  if (const auto twin = twin_of_.find(context.id); twin != twin_of_.end() && !kept.empty()) {
    waiting_.push_back({twin->second, kept});
    if (waiting_.size() > kMostWaiting) waiting_.pop_front();
  }
  while (facts_.written < facts_.wanted && !waiting_.empty()) {
    std::vector<Question> questions = unanswerable(waiting_.front());
    questions.resize(std::min<std::size_t>(questions.size(), facts_.wanted - facts_.written));
    facts_.written += questions.size();
    if (!questions.empty()) asked.push_back({waiting_.front().context, std::move(questions)});
    waiting_.pop_front();
  }
  return asked;
}

std::vector<Question> Twins::unanswerable(const Asked& candidate) const {
  const Context& twin = *candidate.context;
  std::vector<std::string> texts =
      source_.texts(twin, replaced_in(twin, source_.data.context(*twin.twin_of)));
  for (std::string& text : texts) text = to_lower(text);
  std::vector<Question> questions;
  for (const Question& question : candidate.questions) {
    const auto answers = [&](const std::string& text) { return has_answer(text, question.answer); };
    if (std::ranges::any_of(texts, answers)) continue;
    Question copy{question.question, settings_.answer_to(question.question), {}, question.labels};
    copy.labels["of"] = question.labels.value("type", "");
    copy.labels["type"] = "unanswerable";
    copy.labels["extractive"] = false;
    questions.push_back(std::move(copy));
  }
  return questions;
}

}  // namespace film::questions

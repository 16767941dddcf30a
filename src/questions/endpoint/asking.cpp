#include "asking.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kFirstAnswers = 40;

}  // namespace

Asking::Asking(const Source& source, const QaSettings& settings, const Prompts& prompts,
               endpoint::EndpointClient& client, QuestionFiles& out)
    : source_(source),
      settings_(settings),
      prompts_(prompts),
      client_(client),
      plan_(settings.endpoint.spares),
      writer_(source, plan_, out, [this](const Context& context) { return from_journal(context); }) {
  facts_.model = settings.endpoint.server.model;
  facts_.service = settings.endpoint.server.service_text();
  for (std::uint64_t id = 0; id < source.contexts; ++id) plan_.add(source.data.context(id));
}

void Asking::run() {
  info("asking " + client_.describe());
  // At least so many requests: the progress line alone depends on it.
  const std::uint64_t expected = plan_.wanted() * std::max<std::uint64_t>(1, settings_.per_context);
  const endpoint::EndpointReport report =
      client_.run([&] { return next(); }, [&](endpoint::ChatResult result) { take(result); },
                  {"questions", expected, {}});
  info(to_text(report));
  if (all_are_rejected()) throw nothing_is_kept();
  if (const std::string shortage = plan_.shortage(); !shortage.empty())
    warn("no spare contexts are left: " + shortage + "; make more contexts, or raise endpoint.spares");
  writer_.finish();
}

// Nobody should pay for thousands of answers before learning that none of them is kept.
bool Asking::all_are_rejected() const { return kept_ == 0 && rejected_count_ >= kFirstAnswers; }

Error Asking::nothing_is_kept() const {
  return bad_data("none of the first " + std::to_string(rejected_count_) +
                      " answers was kept: " + rejected_.reasons_text(),
                  "look at the answers in journal.jsonl, mend the prompts or endpoint.filters, and run the "
                  "command again: "
                  "the answers are paid for and are judged anew");
}

std::optional<endpoint::ChatRequest> Asking::next() {
  if (all_are_rejected()) return std::nullopt;
  while (waiting_.empty()) {
    const std::optional<std::uint64_t> context = plan_.next();
    if (!context) return std::nullopt;
    open(source_.data.context(*context));
  }
  const Place place = waiting_.front();
  waiting_.pop_front();
  endpoint::ChatRequest request = prompts_.request(open_.at(place.context).asks[place.ask]);
  in_flight_.emplace(request.id, place);
  return request;
}

void Asking::open(const Context& context) {
  Open& opened = open_[context.id];
  opened.asks = asks_about(context, source_, settings_);
  opened.answers.resize(opened.asks.size());
  for (std::size_t i = 0; i < opened.asks.size(); ++i)
    if (can_ask(opened.asks[i]))
      waiting_.push_back({context.id, i});
    else
      opened.answers[i].judged = judge(opened.asks[i], {}, rules());
  opened.requests = waiting_.size();
  if (waiting_.empty()) close(context.id);
}

void Asking::take(const endpoint::ChatResult& result) {
  const Place place = in_flight_.extract(result.id).mapped();
  if (result.outcome != endpoint::ChatOutcome::ok) unanswered_[result.id] = result.reason;
  Open& context = open_.at(place.context);
  Answered& answered = context.answers[place.ask];
  answered = {judge(context.asks[place.ask], result, rules()), result.model};
  note(answered.judged, result);
  if (--context.requests == 0) close(place.context);
}

void Asking::note(const Judged& judged, const endpoint::ChatResult& result) {
  if (!judged.reject_reason) {
    ++kept_;
    facts_.prompt_tokens += result.usage.prompt;
    facts_.completion_tokens += result.usage.completion;
  } else if (result.outcome == endpoint::ChatOutcome::ok) {
    ++rejected_count_;
    rejected_.reject(*judged.reject_reason);
  }
}

void Asking::close(std::uint64_t context) {
  WrittenQuestions questions = written(open_.extract(context).mapped());
  plan_.done(context, !questions.kept.empty());
  writer_.add(context, std::move(questions));
}

WrittenQuestions Asking::written(Open context) const {
  WrittenQuestions written;
  for (std::size_t i = 0; i < context.asks.size(); ++i) {
    const Ask& ask = context.asks[i];
    auto& [judged, model] = context.answers[i];
    if (judged.reject_reason)
      written.rejected.push_back({std::move(judged.evidence), name_of(ask.kind), *judged.reject_reason,
                                  std::move(judged.question), std::move(judged.answer)});
    else
      written.kept.push_back({std::move(judged.question), std::move(judged.answer),
                              std::move(judged.evidence), labels(ask, model)});
  }
  return written;
}

Json Asking::labels(const Ask& ask, const std::string& model) const {
  return {{"type", name_of(ask.kind)},
          {"extractive", false},
          {"generator", "endpoint"},
          {"model", model.empty() ? settings_.endpoint.server.model : model},
          {"prompt", prompts_.version(ask.kind)}};
}

WrittenQuestions Asking::from_journal(const Context& context) const {
  Open again{asks_about(context, source_, settings_), {}, 0};
  for (const Ask& ask : again.asks) {
    const endpoint::ChatResult result = result_of(ask);
    again.answers.push_back({judge(ask, result, rules()), result.model});
  }
  return written(std::move(again));
}

endpoint::ChatResult Asking::result_of(const Ask& ask) const {
  if (!can_ask(ask)) return {};
  const endpoint::ChatRequest request = prompts_.request(ask);
  if (std::optional<endpoint::ChatResult> result = client_.lookup(request)) return std::move(*result);
  endpoint::ChatResult result;  // nothing was paid for
  result.outcome = endpoint::ChatOutcome::rejected;
  result.reason = unanswered_.at(request.id);
  return result;
}

}  // namespace film::questions

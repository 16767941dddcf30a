#include "asking.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/progress.h"
#include "film/base/signals.h"

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
  replay();
  // At least so many requests: the progress line alone depends on it.
  const std::uint64_t expected = plan_.wanted() * std::max<std::uint64_t>(1, settings_.per_context);
  const std::uint64_t known = std::min(expected, replayed_ok_ + replayed_rejected_);
  finish_run(client_.run([&] { return next(); }, [&](endpoint::ChatResult result) { take(result); },
                         {"questions", expected - known, {}}));
  if (all_are_rejected()) throw nothing_is_kept();
  if (const std::string shortage = plan_.shortage(); !shortage.empty())
    warn("no spare contexts are left: " + shortage + "; make more contexts, or raise endpoint.spares");
  writer_.finish();
}

void Asking::finish_run(endpoint::EndpointReport report) {
  report.ok += replayed_ok_;
  report.rejected += replayed_rejected_;
  report.from_journal += replayed_ok_ + replayed_rejected_;
  info(to_text(report));
}

// What the journal of an earlier run holds is looked up and judged by all threads, and taken in the order in which it would
// be asked for. What is missing waits to be sent; when much is, the rest is left to the run.
void Asking::replay() {
  constexpr std::uint64_t kBatch = 64;
  constexpr std::size_t kMostMissing = 1024;
  if (client_.journalled() == 0) return;
  Progress progress("journal", source_.contexts, "contexts");
  const auto make = [&](std::size_t batch) {
    std::vector<Open> opened;
    const std::uint64_t end = std::min(source_.contexts, (batch + 1) * kBatch);
    for (std::uint64_t id = batch * kBatch; id < end; ++id)
      opened.push_back(looked_up(source_.data.context(id)));
    return opened;
  };
  std::optional<std::uint64_t> wanted = plan_.next();
  const auto goes_on = [&] { return wanted && waiting_.size() < kMostMissing && !all_are_rejected(); };
  const auto take_batch = [&](std::size_t batch, std::vector<Open> opened) {
    throw_if_stopped("all answers are in the journal");
    progress.advance(opened.size());
    for (std::size_t i = 0; i < opened.size() && goes_on(); ++i) {
      if (batch * kBatch + i != *wanted) continue;  // its split and kind have all that they want
      open(*wanted, std::move(opened[i]));
      wanted = plan_.next();
    }
    return goes_on();
  };
  const std::uint64_t batches = (source_.contexts + kBatch - 1) / kBatch;
  parallel_in_order_while(batches, thread_count(settings_.threads), make, take_batch);
  if (wanted) open(*wanted, unanswered(source_.data.context(*wanted)));
  progress.finish();
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
    open(*context, unanswered(source_.data.context(*context)));
  }
  const Place place = waiting_.front();
  waiting_.pop_front();
  endpoint::ChatRequest request = prompts_.request(open_.at(place.context).asks[place.ask]);
  in_flight_.emplace(request.id, place);
  return request;
}

Asking::Open Asking::unanswered(const Context& context) const {
  Open opened;
  opened.asks = asks_about(context, source_, settings_);
  opened.answers.resize(opened.asks.size());
  for (std::size_t i = 0; i < opened.asks.size(); ++i)
    if (can_ask(opened.asks[i]))
      opened.missing.push_back(i);
    else
      opened.answers[i].judged = judge(opened.asks[i], {}, rules());
  return opened;
}

Asking::Open Asking::looked_up(const Context& context) const {
  Open opened = unanswered(context);
  std::erase_if(opened.missing, [&](std::size_t i) {
    const Ask& ask = opened.asks[i];
    const std::optional<endpoint::ChatResult> result = client_.lookup(prompts_.request(ask));
    if (result) opened.answers[i] = answered(ask, *result);
    return result.has_value();
  });
  if (opened.missing.empty())
    for (Ask& ask : opened.asks) ask.texts = {};  // by the thread that made them: nothing will be asked
  return opened;
}

Asking::Answered Asking::answered(const Ask& ask, const endpoint::ChatResult& result) const {
  return {judge(ask, result, rules()), result.outcome, result.model, result.usage};
}

void Asking::open(std::uint64_t context, Open opened) {
  for (const std::size_t ask : opened.missing) waiting_.push_back({context, ask});
  opened.requests = opened.missing.size();
  for (std::size_t i = 0; i < opened.asks.size(); ++i) {
    if (!can_ask(opened.asks[i]) || std::ranges::find(opened.missing, i) != opened.missing.end()) continue;
    ++(opened.answers[i].outcome == endpoint::ChatOutcome::ok ? replayed_ok_ : replayed_rejected_);
    note(opened.answers[i]);
  }
  const bool done = opened.requests == 0;
  open_.emplace(context, std::move(opened));
  if (done) close(context);
}

void Asking::take(const endpoint::ChatResult& result) {
  const Place place = in_flight_.extract(result.id).mapped();
  if (result.outcome != endpoint::ChatOutcome::ok) unanswered_[result.id] = result.reason;
  Open& context = open_.at(place.context);
  context.answers[place.ask] = answered(context.asks[place.ask], result);
  note(context.answers[place.ask]);
  if (--context.requests == 0) close(place.context);
}

void Asking::note(const Answered& answered) {
  if (!answered.judged.reject_reason) {
    ++kept_;
    facts_.prompt_tokens += answered.usage.prompt;
    facts_.completion_tokens += answered.usage.completion;
  } else if (answered.outcome == endpoint::ChatOutcome::ok) {
    ++rejected_count_;
    rejected_.reject(*answered.judged.reject_reason);
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
    auto& [judged, outcome, model, usage] = context.answers[i];
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
  Open again = unanswered(context);
  for (const std::size_t i : again.missing)
    again.answers[i] = answered(again.asks[i], result_of(again.asks[i]));
  return written(std::move(again));
}

endpoint::ChatResult Asking::result_of(const Ask& ask) const {
  const endpoint::ChatRequest request = prompts_.request(ask);
  if (std::optional<endpoint::ChatResult> result = client_.lookup(request)) return std::move(*result);
  endpoint::ChatResult result;  // nothing was paid for
  result.outcome = endpoint::ChatOutcome::rejected;
  result.reason = unanswered_.at(request.id);
  return result;
}

}  // namespace film::questions

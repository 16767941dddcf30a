#include "asking.h"

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"

namespace film::questions {
namespace {

constexpr std::uint64_t kFirstAnswers = 40;

}  // namespace

Asking::Asking(const Source& source, const QaSettings& settings, const Prompts& prompts,
               endpoint::EndpointClient& client)
    : source_(source),
      settings_(settings),
      prompts_(prompts),
      client_(client),
      plan_(settings.endpoint.spares) {
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

void Asking::note_rejected(RejectReason reason) {
  ++rejected_count_;
  rejected_.reject(reason);
}

std::optional<endpoint::ChatRequest> Asking::next() {
  if (all_are_rejected()) return std::nullopt;
  while (waiting_.empty()) {
    const std::optional<std::uint64_t> context = plan_.next();
    if (!context) return std::nullopt;
    open(source_.data.context(*context));
  }
  Ask ask = std::move(waiting_.front());
  waiting_.pop_front();
  endpoint::ChatRequest request = prompts_.request(ask);
  in_flight_.emplace(request.id, std::move(ask));
  return request;
}

void Asking::open(const Context& context) {
  for (Ask& ask : asks_about(context, source_, settings_))
    if (can_ask(ask)) waiting_.push_back(std::move(ask));
  if (waiting_.empty())
    plan_.done(context.id, false);
  else
    open_[context.id] = {waiting_.size(), false};
}

void Asking::take(const endpoint::ChatResult& result) {
  const auto found = in_flight_.find(result.id);
  const Ask ask = std::move(found->second);
  in_flight_.erase(found);
  if (result.outcome != endpoint::ChatOutcome::ok) unanswered_[result.id] = result.reason;
  Open& context = open_.at(ask.context);
  const std::optional<RejectReason> reject_reason = judge(ask, result, rules()).reject_reason;
  if (!reject_reason)
    ++kept_;
  else if (result.outcome == endpoint::ChatOutcome::ok)
    note_rejected(*reject_reason);
  context.kept = !reject_reason || context.kept;
  if (--context.requests > 0) return;
  plan_.done(ask.context, context.kept);
  open_.erase(ask.context);
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

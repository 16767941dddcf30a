#include "run.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/log.h"
#include "server_settings.h"

namespace film::endpoint {
namespace {

constexpr double kLookAround = 0.25;   // seconds; the longest sleep between looks at the stop signal
constexpr int kThrottledAttempts = 2;  // times max_attempts: turned away so often while others got answers
constexpr int kTakesAtOnce = 256;      // requests from the source between looks at the stop signal

}  // namespace

Run::Run(Service& service, Caller caller)
    : service_(service),
      caller_(std::move(caller)),
      queue_(total_in_flight(service.settings)),
      schedule_(service.journal, service.transport),
      began_(now()),
      spent_before_(service.budget.spent()) {
  service_.servers.begin_run(began_);
  for (std::size_t i = 0; i < service_.servers.size(); ++i)
    report_.servers.push_back({service_.servers[i].address(), 0, 0, ""});
}

void Run::complete() {
  try {
    loop();
  } catch (...) {  // the caller's source or sink, or a full disk: keep what was paid for
    abandon();
    schedule_.sync();
    throw;
  }
  abandon();
  schedule_.sync();
  ended_ = now();
  caller_.tick(*this);
}

void Run::loop() {
  while (true) {
    if (!end_ && caller_.stop())
      end_with(stopped("stopped by a signal; all answers so far are in the journal",
                       "rerun the same command to resume"));
    if (!end_) accept();
    if (!end_) launch();
    const bool idle = queue_.in_flight() == 0 && (end_ || (!queue_.waiting() && source_exhausted_));
    if (idle) end_if_all_is_refused();
    if (idle || (end_ && now() >= end_by_)) return;
    for (auto& [slot, reply] : service_.transport.wait(next_event())) finish(slot, std::move(reply));
    schedule_.sync_if_due();
    caller_.tick(*this);
  }
}

// So few requests that no server was left out for it.
void Run::end_if_all_is_refused() {
  if (end_ || report_.ok + report_.from_journal > 0) return;
  for (std::size_t i = 0; i < service_.servers.size(); ++i)
    if (service_.servers[i].refused_every_request()) return end_with(service_.servers[i].refuses_all());
}

// Takes requests from the source while more could start than are waiting for their turn.
void Run::accept() {
  const std::size_t limit = service_.servers.limit(now());
  for (int i = 0; i < kTakesAtOnce && !source_exhausted_ && !queue_.full() && queue_.size() < limit; ++i) {
    std::optional<ChatRequest> request = caller_.source();
    source_exhausted_ = !request;
    if (request) take(std::move(*request));
  }
}

void Run::take(ChatRequest request) {
  Outgoing outgoing = service_.prepare(std::move(request));
  if (std::optional<ChatResult> known = service_.known(outgoing.keys, outgoing.request.id)) {
    ++report_.from_journal;
    return deliver(std::move(*known));
  }
  if (!queue_.coalesce(outgoing)) queue_.add(std::move(outgoing));
}

void Run::launch() {
  while (queue_.waiting() && queue_.first_due() <= now()) {
    const Outgoing& outgoing = queue_[queue_.first()];
    const std::optional<std::size_t> server = service_.servers.choose(now(), outgoing);
    if (!server || !affordable(outgoing)) return;
    start(*server);
  }
}

// Out of money with nothing in flight whose reservation could shrink: the run ends.
bool Run::affordable(const Outgoing& outgoing) {
  const Budget& budget = service_.budget;
  const double worst = budget.worst_case(outgoing.body.size(), outgoing.max_tokens);
  if (budget.may_reserve(worst)) return true;
  if (queue_.in_flight() == 0)
    end_with(stopped(fmt::format("endpoint.max_cost is reached: {:.4f} of {:.4f} spent, and the next request "
                                 "could cost {:.4f}",
                                 budget.spent(), service_.settings.max_cost, worst),
                     "raise endpoint.max_cost and rerun the same command to resume"));
  return false;
}

// Sends the first waiting request.
void Run::start(std::size_t server) {
  const std::size_t slot = queue_.first();
  Outgoing& outgoing = queue_[slot];
  if (outgoing.attempts == 0) {
    outgoing.first_start = now();
    outgoing.answers_before = service_.servers.answers();
    service_.retries.request();
  }
  outgoing.server = server;
  queue_.start_first();
  ++report_.attempts;
  ++report_.servers[server].attempts;
  service_.transport.start(slot, service_.servers[server].start(now(), outgoing));
}

void Run::finish(std::size_t slot, HttpReply reply) {
  queue_.finish(slot);
  Outgoing& outgoing = queue_[slot];
  Server& server = service_.servers[outgoing.server];
  const bool was_in_use = server.left_out(now()) == nullptr;
  Verdict verdict = server.finish(now(), outgoing, std::move(reply));
  count(outgoing, verdict);
  if (was_in_use && server.left_out(now()) != nullptr) note_left_out(outgoing.server);
  act(slot, std::move(verdict));
}

void Run::count(const Outgoing& outgoing, const Verdict& verdict) {
  if (verdict.unknown) ++report_.unknown;
  if (!verdict.paid) return;
  ++report_.servers[outgoing.server].answers;
  report_.prompt_tokens += verdict.usage.prompt;
  report_.completion_tokens += verdict.usage.completion;
  latencies_.add(now() - outgoing.started);
}

// The run goes on with the other servers; without any it ends.
void Run::note_left_out(std::size_t index) {
  const Servers& servers = service_.servers;
  const Error& why = *servers[index].left_out(now());
  const std::string& address = servers[index].address();
  if (servers.size() == 1) return end_with(why);
  if (servers.in_use(now()) == 0)
    return end_with(
        Error(why.code(), "no server is left; the last one, " + address + ": " + why.what(), why.hint()));
  warn(fmt::format("{} is left out, {} of {} servers go on: {}", address, servers.in_use(now()),
                   servers.size(), why.what()));
}

void Run::act(std::size_t slot, Verdict verdict) {
  switch (verdict.disposition) {
    case Disposition::answer:
      return conclude(slot, ChatOutcome::ok, std::move(verdict));
    case Disposition::rejected:
      return conclude(slot, ChatOutcome::rejected, std::move(verdict));
    case Disposition::failed:
      return conclude(slot, ChatOutcome::failed, std::move(verdict));
    case Disposition::fatal:
    case Disposition::retry:
    case Disposition::throttled:
      break;
  }
  if (end_ || exhausted(queue_[slot], verdict))
    return conclude(slot, ChatOutcome::failed, std::move(verdict));
  retry(slot, verdict);
}

// True when the request may not be sent again. Being turned away is not its fault, unless others get answers all
// the while; neither is a server that no request can succeed at.
bool Run::exhausted(Outgoing& outgoing, const Verdict& verdict) {
  const EndpointSettings& settings = service_.settings;
  if (verdict.disposition == Disposition::fatal) return false;
  if (verdict.disposition == Disposition::throttled) {
    if (!service_.servers[outgoing.server].outage()) ++outgoing.throttled;
    return outgoing.throttled >= kThrottledAttempts * settings.max_attempts &&
           service_.servers.answers() > outgoing.answers_before;
  }
  if (verdict.wait.value_or(0) > settings.longest_pause &&
      !service_.servers.has_other(now(), outgoing.server))
    return true;
  return ++outgoing.failures >= settings.max_attempts || !service_.retries.take();
}

void Run::retry(std::size_t slot, const Verdict& verdict) {
  const Outgoing& outgoing = queue_[slot];
  const bool own_fault = verdict.disposition == Disposition::retry;
  const bool elsewhere = service_.servers.has_other(now(), outgoing.server);
  double pause =
      service_.servers[outgoing.server].retry_pause(own_fault ? outgoing.failures : outgoing.throttled);
  // A wait concerns the server that asks for it, which pauses all its requests by itself when it throttles.
  if (own_fault && !elsewhere) pause = std::max(pause, verdict.wait.value_or(0));
  if (!own_fault && elsewhere) pause = 0;
  ++report_.retries[verdict.reason];
  queue_.retry(slot, now() + pause);
}

void Run::conclude(std::size_t slot, ChatOutcome outcome, Verdict verdict) {
  const Outgoing outgoing = queue_.remove(slot);
  const bool paid = verdict.paid;
  ChatResult result = result_of(outgoing, outcome, std::move(verdict), now());
  if (service_.journal != nullptr && paid)
    service_.journal->add(outgoing.keys.front(), result, outgoing.spent, outgoing.request.prompt_version);
  for (const std::string& id : outgoing.coalesced) {
    ChatResult copy = result;
    copy.id = id;
    if (!paid) copy.usage = {};
    copy.attempts = 0;
    copy.unknown = 0;
    copy.from_journal = paid;
    if (paid) ++report_.from_journal;
    deliver(std::move(copy));
  }
  deliver(std::move(result));
}

void Run::deliver(ChatResult result) {
  switch (result.outcome) {
    case ChatOutcome::ok:
      ++report_.ok;
      break;
    case ChatOutcome::rejected:
      ++report_.rejected;
      break;
    case ChatOutcome::failed:
      ++report_.failed;
      break;
  }
  if (result.reason != Reason::none) ++report_.reasons[result.reason];
  source_exhausted_ = false;  // a result may let the source give more
  caller_.sink(std::move(result));
}

void Run::end_with(Error error) {
  if (end_) return;
  end_ = std::move(error);
  end_by_ = now() + service_.settings.stop_wait;
  if (queue_.in_flight() > 0)
    info(fmt::format("ending early; waiting up to {:.0f} s for {} answers in flight",
                     service_.settings.stop_wait, queue_.in_flight()));
}

// Requests that are still in flight may have been paid for; they have no result in this run.
void Run::abandon() {
  if (queue_.in_flight() == 0) return;
  warn(fmt::format("gave up {} requests in flight; they may have been paid for", queue_.in_flight()));
  report_.unknown += queue_.in_flight();
  queue_.abandon([&](const Outgoing& outgoing) { service_.servers[outgoing.server].abandon(outgoing); });
  service_.transport.cancel_all();
}

// Seconds to sleep unless a reply comes.
double Run::next_event() const {
  const Servers& servers = service_.servers;
  if (end_) return kLookAround;
  if (!source_exhausted_ && !queue_.full() && queue_.size() < servers.limit(now())) return 0;
  if (!queue_.waiting()) return kLookAround;
  const Outgoing& outgoing = queue_[queue_.first()];
  if (!service_.budget.may_reserve(service_.budget.worst_case(outgoing.body.size(), outgoing.max_tokens)))
    return kLookAround;
  const double start = std::max(queue_.first_due(), servers.ready_at(now(), outgoing));
  return std::clamp(start - now(), 0.0, kLookAround);
}

EndpointReport Run::report() const {
  EndpointReport report = report_;
  report.cost = service_.budget.spent() - spent_before_;
  report.seconds = (ended_ >= 0 ? ended_ : now()) - began_;
  report.latency_p50 = latencies_.percentile(0.5);
  report.latency_p95 = latencies_.percentile(0.95);
  for (std::size_t i = 0; i < report.servers.size(); ++i)
    if (const Error* why = service_.servers[i].left_out(now())) report.servers[i].left_out = why->what();
  return report;
}

}  // namespace film::endpoint

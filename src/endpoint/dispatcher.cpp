#include "dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/log.h"

namespace film::endpoint {
namespace {

using Class = Verdict::Class;

constexpr double kLookAround = 0.25;  // seconds; the longest sleep between looks at the stop signal
constexpr int kFirstRounds = 4;       // of failure before anything has worked: a wrong address, most likely
constexpr std::uint64_t kRefusalsInARow = 50;
constexpr int kBusyAttempts = 2;   // times max_attempts: turned away so often while others got answers
constexpr int kTakesAtOnce = 256;  // from the source, between looks at the stop signal

Trouble trouble(const Verdict& verdict) {
  if (verdict.what == Class::busy) return Trouble::busy;
  return verdict.reason == "timeout" ? Trouble::slow : Trouble::request;
}

std::string key_text(const RequestKey& key) {
  return {reinterpret_cast<const char*>(key.data()), sizeof(RequestKey)};
}

}  // namespace

Dispatcher::Dispatcher(const EndpointSettings& settings, Transport& transport, AnswerJournal* journal,
                       std::uint64_t jitter_seed)
    : settings_(settings),
      transport_(transport),
      journal_(journal),
      pacer_(settings.requests_per_minute, settings.tokens_per_minute),
      congestion_(settings.max_in_flight, settings.backoff, settings.backoff_cap, jitter_seed),
      spending_(settings, journal ? journal->cost() : 0),
      repeats_(settings.retry_share),
      places_(static_cast<std::size_t>(settings.max_in_flight)) {}

// Pace, congestion and money outlive a run: a second one must not forget what the server has just said.
void Dispatcher::reset() {
  report_ = {};
  latencies_ = {};
  queue_ = {};
  open_keys_.clear();
  free_.clear();
  std::ranges::fill(places_, Place{});
  for (std::size_t i = places_.size(); i > 0; --i) free_.push_back(i - 1);
  flying_ = 0;
  dry_ = false;
  end_.reset();
  began_ = transport_.now();
  ended_ = -1;
  cost_before_ = spending_.spent();
}

void Dispatcher::run(const ChatSource& source, const ChatSink& sink, const std::function<bool()>& stop,
                     const std::function<void()>& tick) {
  source_ = &source;
  sink_ = &sink;
  reset();
  try {
    loop(stop, tick);
  } catch (...) {  // the caller's source or sink, or a full disk: keep what was paid for
    abandon();
    sync_journal(true);
    throw;
  }
  abandon();
  sync_journal(true);
  ended_ = transport_.now();
  tick();
  if (end_) throw Error(*end_);
}

void Dispatcher::loop(const std::function<bool()>& stop, const std::function<void()>& tick) {
  while (true) {
    if (!end_ && stop())
      end_with(stopped("stopped by a signal; all answers so far are in the journal",
                       "run the same command again to go on"));
    if (!end_) refill();
    if (!end_) launch();
    const bool idle = flying_ == 0 && (end_ || (queue_.empty() && dry_));
    if (idle || (end_ && transport_.now() >= end_by_)) return;
    turn(next_event());
    sync_journal(false);
    tick();
  }
}

void Dispatcher::turn(double wait) {
  for (auto& [slot, reply] : transport_.wait(wait)) finish(slot, reply);
}

// Takes requests from the source while more could start than wait for their turn.
void Dispatcher::refill() {
  const auto limit = static_cast<std::size_t>(congestion_.limit());
  for (int i = 0; i < kTakesAtOnce && !dry_ && !free_.empty() && flying_ + queue_.size() < limit; ++i) {
    std::optional<ChatRequest> request = (*source_)();
    if (!request)
      dry_ = true;
    else
      take(std::move(*request));
  }
}

void Dispatcher::take(ChatRequest request) {
  Place place;
  place.body = request_body(settings_, request);
  if (journal_ != nullptr) {
    place.key = key_of(request, place.body);
    if (std::optional<ChatResult> known = journalled(place.key, request.id)) {
      ++report_.from_journal;
      return deliver(std::move(*known));
    }
    if (const auto open = open_keys_.find(key_text(place.key)); open != open_keys_.end()) {
      places_[open->second].followers.push_back(request.id);
      return;
    }
  }
  const std::size_t index = free_.back();
  free_.pop_back();
  if (journal_ != nullptr) open_keys_[key_text(place.key)] = index;
  place.request = std::move(request);
  places_[index] = std::move(place);
  queue_.emplace(0.0, index);
}

RequestKey Dispatcher::key_of(const ChatRequest& request, const std::string& body) const {
  return request_key(settings_.identity(), request.prompt_version, body);
}

std::optional<ChatResult> Dispatcher::journalled(const RequestKey& key, const std::string& id) {
  std::optional<ChatResult> known = journal_->find(key);
  if (!known) return {};
  known->id = id;
  // What an earlier run was told to drop, this one may be told to keep.
  if (known->reason == "length" && settings_.keep_truncated && !known->text.empty()) {
    known->outcome = ChatOutcome::ok;
    known->reason.clear();
  }
  return known;
}

std::optional<ChatResult> Dispatcher::lookup(const ChatRequest& request) {
  if (journal_ == nullptr) return {};
  return journalled(key_of(request, request_body(settings_, request)), request.id);
}

void Dispatcher::launch() {
  while (!queue_.empty() && flying_ < static_cast<std::size_t>(congestion_.limit())) {
    const auto [due, index] = queue_.top();
    const double now = transport_.now();
    if (due > now || congestion_.hold_until() > now) return;
    if (!may_start(places_[index])) return;
    queue_.pop();
    start(index);
  }
}

// Pace and money. Out of money with nothing in flight whose reservation could shrink: the run ends.
bool Dispatcher::may_start(Place& place) {
  const double now = transport_.now();
  place.tokens = token_estimate(place);
  const double wait = pacer_.wait(now, place.tokens);
  not_before_ = now + wait;
  if (wait > 0) return false;
  place.reserved = spending_.worst_case(place.body.size(), max_tokens(place.request));
  if (spending_.may_reserve(place.reserved)) return true;
  not_before_ = now + kLookAround;
  if (flying_ == 0)
    end_with(stopped(
        fmt::format("endpoint.max_cost is reached: {:.4f} of {:.4f} spent, and the next request could "
                    "cost {:.4f}",
                    spending_.spent(), settings_.max_cost, place.reserved),
        "raise endpoint.max_cost and run the same command again to go on"));
  return false;
}

void Dispatcher::start(std::size_t index) {
  Place& place = places_[index];
  const double now = transport_.now();
  pacer_.started(now, place.tokens);
  congestion_.started(now);
  spending_.reserve(place.reserved);
  if (place.sent++ == 0) {
    place.first = now;
    place.answers_before = answers_;
    repeats_.request();
  }
  place.started = now;
  place.flying = true;
  ++flying_;
  ++report_.attempts;
  transport_.start(index, place.body);
}

void Dispatcher::finish(std::size_t index, const HttpReply& reply) {
  Place& place = places_[index];
  place.flying = false;
  --flying_;
  pacer_.learn(transport_.now(), place.started, reply.headers);
  Verdict verdict = judge(reply, rules());
  account(place, verdict);
  note_health(place, verdict);
  act(index, std::move(verdict));
}

void Dispatcher::account(Place& place, const Verdict& verdict) {
  if (verdict.unknown) ++place.unknown, ++report_.unknown;
  const Usage& usage = verdict.usage;
  double cost = 0;
  if (verdict.paid && usage.reported)
    cost = settings_.cost(usage.prompt, usage.completion);
  else if (verdict.paid || verdict.unknown)
    cost = place.reserved;
  spending_.settle(place.reserved, cost);
  place.spent += cost;
  if (!verdict.paid) return;
  report_.prompt_tokens += usage.prompt;
  report_.completion_tokens += usage.completion;
  latencies_.add(transport_.now() - place.started);
  if (usage.prompt > 0)
    tokens_per_byte_ += 0.05 * (static_cast<double>(usage.prompt) / static_cast<double>(place.body.size()) -
                                tokens_per_byte_);
}

// Tells the concurrency control, and ends the run when nothing works any more.
void Dispatcher::note_health(const Place& place, const Verdict& verdict) {
  const double now = transport_.now();
  if (verdict.paid) ++answers_, congestion_.answered(now);
  look_for_refusals(verdict);
  if (verdict.paid || verdict.what == Class::rejected || verdict.what == Class::fatal) return;
  congestion_.failed(now, place.started, trouble(verdict), verdict.wait.value_or(-1));
  const int rounds =
      rules().worked ? settings_.give_up_after : std::min(kFirstRounds, settings_.give_up_after);
  if (congestion_.rounds() < rounds || end_) return;
  const ExitCode code = verdict.reason == "denied" ? ExitCode::denied : ExitCode::unavailable;
  end_with(Error(code,
                 fmt::format("the endpoint gives no answers: {} rounds of failure, the last: {} ({})", rounds,
                             verdict.detail, verdict.reason),
                 "is the server up and endpoint.base_url right? run the same command again to go on"));
}

// Answers of which none is usable cost money, too.
void Dispatcher::look_for_refusals(const Verdict& verdict) {
  if (verdict.what == Class::answer) refusals_ = 0;
  if (verdict.what != Class::rejected || ++refusals_ < kRefusalsInARow) return;
  end_with(unavailable(
      fmt::format("{} requests in a row gave nothing usable, the last: {} {}", refusals_, verdict.reason,
                  verdict.detail),
      "compare the endpoint's settings (model, max_tokens, extra_body) with what the server accepts"));
}

void Dispatcher::act(std::size_t index, Verdict verdict) {
  switch (verdict.what) {
    case Class::answer:
      return conclude(index, ChatOutcome::ok, std::move(verdict));
    case Class::rejected:
      return conclude(index, ChatOutcome::rejected, std::move(verdict));
    case Class::failed:
      return conclude(index, ChatOutcome::failed, std::move(verdict));
    case Class::fatal:
      end_with(Error(verdict.code, "the endpoint: " + verdict.detail, verdict.hint));
      return conclude(index, ChatOutcome::failed, std::move(verdict));
    case Class::retry:
    case Class::busy:
      return again(index, verdict);
  }
}

void Dispatcher::again(std::size_t index, const Verdict& verdict) {
  Place& place = places_[index];
  const double wait = verdict.wait.value_or(0);
  if (wait > settings_.longest_pause) {
    if (verdict.what == Class::busy)
      end_with(stopped(fmt::format("the endpoint asks for a pause of {:.0f} s: {}", wait, verdict.detail),
                       "run the same command again later, or raise endpoint.longest_pause"));
    return conclude(index, ChatOutcome::failed, verdict);
  }
  if (end_ || exhausted(place, verdict)) return conclude(index, ChatOutcome::failed, verdict);
  ++report_.troubles[verdict.reason];
  // A wait that a busy endpoint asks for is everybody's pause already.
  const bool busy = verdict.what == Class::busy;
  const double pause = congestion_.retry_pause(busy ? place.busy : place.faults);
  queue_.emplace(transport_.now() + (busy ? pause : std::max(wait, pause)), index);
}

// To be turned away is not this request's fault, unless others get answers all the while.
bool Dispatcher::exhausted(Place& place, const Verdict& verdict) {
  if (verdict.what == Class::retry) return ++place.faults >= settings_.max_attempts || !repeats_.take();
  return ++place.busy >= kBusyAttempts * settings_.max_attempts && answers_ > place.answers_before;
}

}  // namespace film::endpoint

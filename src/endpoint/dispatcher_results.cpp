// The second half of the dispatcher: results out, the journal, the end.
#include <fmt/format.h>

#include <algorithm>

#include "dispatcher.h"
#include "film/base/log.h"

namespace film::endpoint {
namespace {

constexpr double kLookAround = 0.25;  // seconds; the longest sleep between looks at the stop signal
constexpr double kSyncShare = 9;      // times as long as the last fsync took
constexpr double kLongestGroup = 1;   // seconds
constexpr double kMessageTokens = 4;  // overhead of a message, about

}  // namespace

void Dispatcher::conclude(std::size_t index, ChatOutcome outcome, Verdict verdict) {
  Place place = std::move(places_[index]);
  places_[index] = {};
  free_.push_back(index);
  ChatResult result;
  result.id = place.request.id;
  result.outcome = outcome;
  result.text = std::move(verdict.text);
  result.reason = outcome == ChatOutcome::ok ? "" : std::move(verdict.reason);
  result.detail = std::move(verdict.detail);
  result.model = std::move(verdict.model);
  result.usage = verdict.usage;
  result.attempts = place.sent;
  result.unknown = place.unknown;
  result.seconds = transport_.now() - place.first;
  if (journal_ != nullptr) {
    open_keys_.erase({reinterpret_cast<const char*>(place.key.data()), sizeof(RequestKey)});
    if (verdict.paid) journal_->add(place.key, result, place.spent, place.request.prompt_version);
  }
  for (const std::string& id : place.followers) {
    ChatResult copy = result;
    copy.id = id;
    copy.usage = {};
    copy.attempts = copy.unknown = 0;
    copy.from_journal = verdict.paid;
    report_.from_journal += verdict.paid;
    deliver(std::move(copy));
  }
  deliver(std::move(result));
}

void Dispatcher::deliver(ChatResult result) {
  ++(result.outcome == ChatOutcome::ok         ? report_.ok
     : result.outcome == ChatOutcome::rejected ? report_.rejected
                                               : report_.failed);
  if (!result.reason.empty()) ++report_.reasons[result.reason];
  dry_ = false;  // a result may let the source give more
  (*sink_)(std::move(result));
}

void Dispatcher::end_with(Error error) {
  if (end_) return;
  end_ = std::move(error);
  end_by_ = transport_.now() + settings_.stop_wait;
  if (flying_ > 0)
    info(fmt::format("ending early; waiting up to {:.0f} s for {} answers in flight", settings_.stop_wait,
                     flying_));
}

// What was still in flight may have been paid for; its requests are simply not answered in this run.
void Dispatcher::abandon() {
  if (flying_ == 0) return;
  warn(fmt::format("{} requests in flight were given up; they may have been paid for", flying_));
  report_.unknown += flying_;
  for (Place& place : places_)
    if (place.flying) spending_.settle(place.reserved, place.reserved);
  transport_.cancel_all();
  flying_ = 0;
}

// Written in every turn: a kill loses no answer but those on their way. Synced as often as a tenth of the
// time allows: a crash of the machine loses the answers since the last group, and they were paid for.
void Dispatcher::sync_journal(bool now) {
  if (journal_ == nullptr || journal_->unsynced() == 0) return;
  const double begin = transport_.now();
  if (!now && begin < next_sync_) return journal_->write();
  journal_->sync();
  const double end = transport_.now();
  next_sync_ = end + std::min(kLongestGroup, kSyncShare * (end - begin));
}

// Seconds to sleep if nothing comes in.
double Dispatcher::next_event() const {
  const double now = transport_.now();
  const auto limit = static_cast<std::size_t>(congestion_.limit());
  if (!end_ && !dry_ && flying_ + queue_.size() < limit) return 0;
  double wait = kLookAround;
  if (!end_ && !queue_.empty() && flying_ < limit)
    wait = std::min(wait, std::max({queue_.top().first, congestion_.hold_until(), not_before_}) - now);
  return std::max(0.0, wait);
}

double Dispatcher::token_estimate(const Place& place) const {
  return tokens_per_byte_ * static_cast<double>(place.body.size()) +
         kMessageTokens * static_cast<double>(place.request.messages.size()) + max_tokens(place.request);
}

int Dispatcher::max_tokens(const ChatRequest& request) const {
  return request.max_tokens > 0 ? request.max_tokens : settings_.max_tokens;
}

JudgeRules Dispatcher::rules() const {
  const bool before = journal_ != nullptr && journal_->size() > 0;
  return {settings_.keep_truncated, answers_ > 0 || before, settings_.model, settings_.base_url};
}

EndpointReport Dispatcher::report() const {
  EndpointReport report = report_;
  report.cost = spending_.spent() - cost_before_;
  report.seconds = (ended_ >= 0 ? ended_ : transport_.now()) - began_;
  report.latency_p50 = latencies_.percentile(0.5);
  report.latency_p95 = latencies_.percentile(0.95);
  return report;
}

}  // namespace film::endpoint

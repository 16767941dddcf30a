#include "server.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "address.h"
#include "film/base/log.h"

namespace film::endpoint {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr int kFirstRounds = 4;  // of failures before anything has worked: most likely a wrong address
constexpr std::uint64_t kFirstRefusals = 3;  // requests that a server refuses before it has answered any
constexpr std::uint64_t kRejectionsInARow = 50;
constexpr double kMessageTokens = 4;  // overhead of a message, about
constexpr double kLearningRate = 0.05;

FailureKind kind_of(const Verdict& verdict) {
  if (verdict.disposition == Disposition::throttled) return FailureKind::throttled;
  return verdict.reason == Reason::timeout ? FailureKind::slow : FailureKind::request;
}

}  // namespace

Server::Server(EndpointSettings settings, ApiKey key, Budget& budget, bool worked_before,
               std::uint64_t jitter_seed)
    : settings_(std::move(settings)),
      url_(post_url(settings_)),
      key_(std::move(key)),
      budget_(budget),
      pacer_(settings_.requests_per_minute, settings_.tokens_per_minute),
      concurrency_(settings_.max_in_flight, settings_.backoff, settings_.backoff_cap, jitter_seed),
      worked_before_(worked_before) {}

const Error* Server::left_out(double now) const {
  return left_out_ && now < left_out_->until ? &left_out_->why : nullptr;
}

// Until the first answer one request at a time: a setting that the server refuses costs one request, not a thousand.
std::size_t Server::limit(double now) const {
  if (left_out(now) != nullptr) return 0;
  return worked() ? static_cast<std::size_t>(concurrency_.limit()) : 1;
}

double Server::load(double now) const {
  return static_cast<double>(in_flight_) / static_cast<double>(std::max<std::size_t>(1, limit(now)));
}

double Server::ready_at(double now, const Outgoing& outgoing) const {
  if (in_flight_ >= limit(now)) return kNever;
  return std::max(concurrency_.hold_until(), now + pacer_.wait(now, estimate_tokens(outgoing)));
}

HttpRequest Server::start(double now, Outgoing& outgoing) {
  outgoing.tokens = estimate_tokens(outgoing);
  outgoing.reserved = budget_.worst_case(outgoing.body.size(), outgoing.max_tokens);
  outgoing.started = now;
  ++outgoing.attempts;
  ++in_flight_;
  pacer_.started(now, outgoing.tokens);
  concurrency_.started(now);
  budget_.reserve(outgoing.reserved);
  HttpRequest request{
      "POST", url_, {"Content-Type: application/json", "Accept: application/json"}, outgoing.body};
  if (!key_.empty()) request.headers.push_back(key_.header(settings_.api_style));
  return request;
}

Verdict Server::finish(double now, Outgoing& outgoing, HttpReply reply) {
  --in_flight_;
  reply = key_.redact(std::move(reply));  // before anything else reads what the server said
  pacer_.learn(now, outgoing.started, reply.headers);
  Verdict verdict =
      judge(reply, {.keep_truncated = settings_.keep_truncated || outgoing.request.cut_on_purpose,
                    .max_tokens = outgoing.max_tokens,
                    .worked = worked(),
                    .model = settings_.model,
                    .base_url = settings_.base_url});
  settle(outgoing, verdict);
  count_rejections(verdict);
  if (verdict.paid)
    note_answer(now, outgoing, verdict);
  else if (verdict.disposition == Disposition::fatal)
    leave_out(Error(verdict.code, "the endpoint: " + verdict.detail, verdict.hint), kNever);
  else if (verdict.disposition != Disposition::rejected)
    note_failure(now, outgoing, verdict);
  return verdict;
}

void Server::abandon(const Outgoing& outgoing) {
  --in_flight_;
  budget_.settle(outgoing.reserved, outgoing.reserved);
}

double Server::estimate_tokens(const Outgoing& outgoing) const {
  return tokens_per_byte_ * static_cast<double>(outgoing.body.size()) +
         kMessageTokens * static_cast<double>(outgoing.request.messages.size()) + outgoing.max_tokens;
}

void Server::settle(Outgoing& outgoing, const Verdict& verdict) {
  double cost = 0;
  if (verdict.paid && verdict.usage.reported)
    cost = budget_.cost(verdict.usage);
  else if (verdict.paid || verdict.unknown)
    cost = outgoing.reserved;
  budget_.settle(outgoing.reserved, cost);
  outgoing.spent += cost;
  if (verdict.unknown) ++outgoing.unknown;
}

void Server::note_answer(double now, const Outgoing& outgoing, const Verdict& verdict) {
  ++answers_;
  concurrency_.answered(now);
  if (verdict.usage.prompt > 0) {
    const double seen = static_cast<double>(verdict.usage.prompt) / static_cast<double>(outgoing.body.size());
    tokens_per_byte_ += kLearningRate * (seen - tokens_per_byte_);
  }
  if (!left_out_ || left_out_->until == kNever) return;
  info(address() + " answers again");
  left_out_.reset();
}

void Server::note_failure(double now, const Outgoing& outgoing, const Verdict& verdict) {
  concurrency_.failed(now, outgoing.started, kind_of(verdict), verdict.wait.value_or(-1));
  const int rounds = worked() ? settings_.give_up_after : std::min(kFirstRounds, settings_.give_up_after);
  if (concurrency_.rounds() >= rounds)
    return leave_out(Error(verdict.reason == Reason::denied ? ExitCode::denied : ExitCode::unavailable,
                           fmt::format("no successful reply after {} rounds of retries, the last: {} ({})",
                                       rounds, verdict.detail, name_of(verdict.reason)),
                           "check that the server is up and its address (endpoint.base_url) is right, then "
                           "rerun the same command"),
                     now + settings_.longest_pause);
  const double wait = verdict.wait.value_or(0);
  if (verdict.disposition == Disposition::throttled && wait > settings_.longest_pause)
    leave_out(stopped(fmt::format("the endpoint asks for a pause of {:.0f} s: {}", wait, verdict.detail),
                      "rerun the same command later, or raise endpoint.longest_pause"),
              now + wait);
}

// Answers of which none is usable cost money, too.
void Server::count_rejections(const Verdict& verdict) {
  if (verdict.disposition == Disposition::answer) rejections_ = 0;
  if (verdict.disposition != Disposition::rejected) return;
  ++rejections_;
  if (!worked() && verdict.reason == Reason::bad_request) {
    first_refusal_ = verdict.detail;
    if (rejections_ >= kFirstRefusals) leave_out(refuses_all(), kNever);
  }
  if (rejections_ < kRejectionsInARow) return;
  leave_out(
      unavailable(fmt::format("{} requests in a row gave nothing usable, the last: {} {}", rejections_,
                              name_of(verdict.reason), verdict.detail),
                  "compare the endpoint's settings (model, max_tokens, extra_body) with what the server "
                  "accepts"),
      kNever);
}

bool Server::refused_every_request() const { return !worked() && !first_refusal_.empty(); }

Error Server::refuses_all() const {
  return config_error(
      "the endpoint refuses every request: " + first_refusal_,
      "change what it names (endpoint.max_tokens_field, endpoint.temperature=-1, endpoint.extra_body …) "
      "and run the command again: the folder takes the new settings");
}

void Server::leave_out(Error why, double until) {
  if (left_out_ && left_out_->until == kNever) return;
  left_out_ = LeftOut{std::move(why), until};
}

}  // namespace film::endpoint

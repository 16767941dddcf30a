#include "pacer.h"

#include <algorithm>
#include <string>

#include "waits.h"

namespace film::endpoint {
namespace {

constexpr double kBurstSeconds = 1;
constexpr double kLongestLearnedWait = 60;  // seconds; a header may slow film down, not stop it
constexpr double kSlack = 1e-9;             // of a level, so that rounding does not add a wait of nothing

}  // namespace

Bucket::Bucket(double per_minute) : rate_(per_minute / 60), capacity_(std::max(1.0, rate_ * kBurstSeconds)) {}

double Bucket::level(double now) const {
  return started_ ? std::min(capacity_, level_ + (now - at_) * rate_) : capacity_;
}

double Bucket::wait(double now, double amount) const {
  if (rate_ <= 0) return 0;
  const double missing = std::min(amount, capacity_) - level(now);
  return missing <= kSlack ? 0 : missing / rate_;
}

void Bucket::take(double now, double amount) {
  level_ = level(now) - amount;
  at_ = now;
  started_ = true;
}

Pacer::Pacer(double requests_per_minute, double tokens_per_minute)
    : requests_(requests_per_minute), tokens_(tokens_per_minute) {}

double Pacer::Learned::wait(double now, double amount) const {
  if (rate <= 0) return 0;
  const double missing = amount - (remaining + (now - at) * rate);
  return missing <= kSlack ? 0 : std::min(kLongestLearnedWait, missing / rate);
}

double Pacer::wait(double now, double tokens) const {
  return std::max({requests_.wait(now, 1), tokens_.wait(now, tokens), learned_requests_.wait(now, 1),
                   learned_tokens_.wait(now, tokens)});
}

void Pacer::started(double now, double tokens) {
  requests_.take(now, 1);
  tokens_.take(now, tokens);
  learned_requests_.remaining -= 1;
  learned_tokens_.remaining -= tokens;
}

Pacer::Learned Pacer::read(double now, const ReplyHeaders& headers, const char* kind) {
  const auto value = [&](const char* what) {
    return duration_seconds(header(headers, (std::string("x-ratelimit-") + what + "-" + kind).c_str()))
        .value_or(-1);
  };
  const double limit = value("limit"), remaining = value("remaining"), reset = value("reset");
  if (limit <= 0 || remaining < 0 || remaining >= limit || reset <= 0) return {};
  return {remaining, (limit - remaining) / reset, now};
}

void Pacer::learn(double now, double started, const ReplyHeaders& headers) {
  if (started < newest_) return;  // replies overtake each other: the youngest request knows best
  newest_ = started;
  learned_requests_ = read(now, headers, "requests");
  learned_tokens_ = read(now, headers, "tokens");
}

}  // namespace film::endpoint

#include "pacer.h"

#include <algorithm>
#include <string>

#include "retry_after.h"

namespace film::endpoint {
namespace {

constexpr double kLongestLearnedWait = 60;  // seconds; a header may slow film down, not stop it

}  // namespace

Pacer::Pacer(double requests_per_minute, double tokens_per_minute)
    : requests_(requests_per_minute), tokens_(tokens_per_minute) {}

double Pacer::Learned::wait(double now, double amount) const {
  if (rate <= 0) return 0;
  const double missing = amount - (remaining + (now - at) * rate);
  return missing <= kLevelSlack ? 0 : std::min(kLongestLearnedWait, missing / rate);
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
  if (started < newest_) return;  // replies overtake each other: the latest request knows best
  newest_ = started;
  learned_requests_ = read(now, headers, "requests");
  learned_tokens_ = read(now, headers, "tokens");
}

}  // namespace film::endpoint

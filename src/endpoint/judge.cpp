#include "judge.h"

#include <fmt/format.h>

#include "film/base/strings.h"
#include "reply_body.h"
#include "verdicts.h"

namespace film::endpoint {

Verdict verdict(Disposition disposition, Reason reason, std::string detail) {
  Verdict made;
  made.disposition = disposition;
  made.reason = reason;
  made.detail = std::move(detail);
  return made;
}

Verdict fatal(ExitCode code, Reason reason, std::string detail, std::string hint) {
  Verdict made = verdict(Disposition::fatal, reason, std::move(detail));
  made.code = code;
  made.hint = std::move(hint);
  return made;
}

Verdict fatal_at_first(const JudgeRules& rules, Verdict verdict) {
  if (rules.worked) verdict.disposition = Disposition::failed;
  return verdict;
}

namespace {

Verdict proxy_failed(const HttpReply& reply) {
  if (reply.status != 407) return verdict(Disposition::throttled, Reason::proxy, reply.error_text);
  return fatal(ExitCode::denied, Reason::proxy, "the proxy asks for a user name and password (407)",
               "give them in the environment variable https_proxy");
}

Verdict judge_error(const HttpReply& reply) {
  switch (reply.error) {
    case TransportError::untrusted:
      return fatal(ExitCode::unavailable, Reason::untrusted,
                   "the server's certificate is not trusted: " + reply.error_text,
                   "for a private authority name its certificate in endpoint.ca_file");
    case TransportError::proxy:
      return proxy_failed(reply);
    case TransportError::resolve:
    case TransportError::connect:
      return verdict(Disposition::throttled, Reason::unreachable, reply.error_text);
    case TransportError::timeout:
      return verdict(Disposition::retry, Reason::timeout, reply.error_text);
    case TransportError::too_big:
      return verdict(Disposition::retry, Reason::too_big, reply.error_text);
    case TransportError::not_http:
      return verdict(Disposition::retry, Reason::bad_body, reply.error_text);
    case TransportError::reset:
    case TransportError::none:
      break;
  }
  return verdict(Disposition::retry, Reason::reset, reply.error_text);
}

// The status that an error inside a 200 stands for.
int meant_status(const ServerError& error) {
  if (error.status >= 400) return error.status;
  if (error.is("insufficient_quota") || error.is("rate_limit_exceeded") || error.is("rate_limit_error"))
    return 429;
  if (error.is("invalid_request_error") || error.is("context_length_exceeded") || error.is_content_filter())
    return 400;
  if (error.is("authentication_error") || error.is("invalid_api_key")) return 401;
  return error.is("overloaded_error") ? 503 : 500;
}

// finish_reason comes first: an answer that was cut off is not to be blamed on parsing later.
Reason reason_of(const Completion& done, const JudgeRules& rules) {
  const bool blank = trim(done.text).empty();
  if (done.finish_reason == "content_filter") return Reason::content_filter;
  if (!done.refusal.empty()) return Reason::refusal;
  if (done.finish_reason == "length" && (blank || !rules.keep_truncated)) return Reason::length;
  return blank ? Reason::empty : Reason::none;
}

Verdict judge_completion(Completion done, const JudgeRules& rules) {
  const Reason reason = reason_of(done, rules);
  Verdict made = verdict(reason == Reason::none ? Disposition::answer : Disposition::rejected, reason, "");
  if (reason == Reason::refusal) made.detail = excerpt(done.refusal);
  if (reason == Reason::length) made.detail = "cut off at max_tokens";
  made.paid = true;
  made.text = std::move(done.text);
  made.model = std::move(done.model);
  made.usage = done.usage;
  return made;
}

Verdict judge_success(const HttpReply& reply, const JudgeRules& rules) {
  const std::optional<Json> json = try_parse_json(reply.body);
  if (!json) {
    const std::string got = reply.body.empty() ? "an empty body" : "no JSON: " + excerpt(reply.body, 80);
    return verdict(Disposition::retry, Reason::bad_body, fmt::format("{} with {}", reply.status, got));
  }
  Completion done = completion(*json);
  if (done.has_choice) return judge_completion(std::move(done), rules);
  if (holds_error(*json)) return judge_status(meant_status(server_error(reply.body)), reply, rules);
  return fatal_at_first(rules, fatal(ExitCode::config, Reason::wrong_schema,
                                     "the reply holds no choices: " + excerpt(reply.body, 120), kIsItOpenAi));
}

}  // namespace

Verdict judge(const HttpReply& reply, const JudgeRules& rules) {
  if (reply.error != TransportError::none) {
    Verdict made = judge_error(reply);
    made.unknown = reply.sent;
    return made;
  }
  if (reply.status < 200 || reply.status > 299) return judge_status(reply.status, reply, rules);
  Verdict made = judge_success(reply, rules);
  made.unknown = made.reason == Reason::bad_body || made.reason == Reason::wrong_schema;
  return made;
}

}  // namespace film::endpoint

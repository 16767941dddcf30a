#include "judge.h"

#include <fmt/format.h>

#include "film/base/strings.h"
#include "film/base/thinking.h"
#include "reply_body.h"
#include "reply_json.h"
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

// Whether the answer was cut off. A server that does not say how it ended says how long it is.
bool is_cut(const Completion& done, const JudgeRules& rules) {
  if (done.finish != Finish::unknown) return done.finish == Finish::cut;
  return rules.max_tokens > 0 && done.usage.reported && done.usage.completion >= rules.max_tokens;
}

// How it ended comes first: an answer that was cut off is not to be blamed on parsing later.
Reason reason_of(const Completion& done, const JudgeRules& rules) {
  const Thinking thinking = split_thinking(done.text);
  const bool blank = trim(thinking.answer).empty();
  if (done.finish == Finish::filtered) return Reason::content_filter;
  if (!done.refusal.empty()) return Reason::refusal;
  if (blank && thinking.characters + done.reasoning > 0) return Reason::thinking;
  if (is_cut(done, rules) && (blank || !rules.keep_truncated)) return Reason::length;
  return blank ? Reason::empty : Reason::none;
}

std::string detail_of(const Completion& done, Reason reason, const JudgeRules& rules) {
  if (reason == Reason::refusal) return excerpt(done.refusal);
  if (reason == Reason::length) return "cut off at max_tokens";
  if (reason != Reason::thinking) return "";
  return fmt::format("{} bytes of reasoning and no answer{}",
                     std::max(done.reasoning, split_thinking(done.text).characters),
                     is_cut(done, rules) ? ", cut off at max_tokens" : "");
}

Verdict judge_completion(Completion done, const JudgeRules& rules) {
  const Reason reason = reason_of(done, rules);
  Verdict made = verdict(reason == Reason::none ? Disposition::answer : Disposition::rejected, reason,
                         detail_of(done, reason, rules));
  made.paid = true;
  made.text = std::move(done.text);
  made.model = std::move(done.model);
  made.usage = done.usage;
  made.logprobs = std::move(done.logprobs);
  return made;
}

Verdict judge_success(const HttpReply& reply, const JudgeRules& rules) {
  const ReplyJson read = reply_json(reply.body);
  if (!read.json)
    return verdict(Disposition::retry, Reason::bad_body,
                   fmt::format("{} with {}", reply.status, read.problem));
  Completion done = completion(*read.json);
  if (done.has_choice) return judge_completion(std::move(done), rules);
  if (holds_error(*read.json)) return judge_status(meant_status(server_error(reply.body)), reply, rules);
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

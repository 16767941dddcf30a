#include "judge.h"

#include <fmt/format.h>

#include "reply_body.h"
#include "waits.h"

namespace film::endpoint {
namespace {

using Class = Verdict::Class;

Verdict make(Class what, std::string reason, std::string detail) {
  Verdict verdict;
  verdict.what = what;
  verdict.reason = std::move(reason);
  verdict.detail = std::move(detail);
  return verdict;
}

Verdict fatal(ExitCode code, std::string reason, std::string detail, std::string hint) {
  Verdict verdict = make(Class::fatal, std::move(reason), std::move(detail));
  verdict.code = code;
  verdict.hint = std::move(hint);
  return verdict;
}

// Ends the run while nothing has worked yet (a wrong setting); later it is this request's own trouble.
Verdict fatal_at_first(const JudgeRules& rules, Verdict verdict) {
  if (rules.worked) verdict.what = Class::failed;
  return verdict;
}

Verdict broken(const HttpReply& reply) {
  switch (reply.broke) {
    case Break::untrusted:
      return fatal(ExitCode::unavailable, "untrusted",
                   "the server's certificate is not to be trusted: " + reply.error,
                   "for a private authority name its certificate in endpoint.ca_file");
    case Break::proxy:
      if (reply.status == 407)
        return fatal(ExitCode::denied, "proxy", "the proxy asks for a name and password (407)",
                     "give them in the environment variable https_proxy");
      return make(Class::busy, "proxy", reply.error);
    case Break::resolve:
      return make(Class::busy, "unreachable", reply.error);
    case Break::connect:
      return make(Class::busy, "unreachable", reply.error);
    case Break::timeout:
      return make(Class::retry, "timeout", reply.error);
    case Break::too_big:
      return make(Class::retry, "too_big", reply.error);
    case Break::not_http:
      return make(Class::retry, "bad_body", reply.error);
    case Break::reset:
    case Break::none:
      break;
  }
  return make(Class::retry, "reset", reply.error);
}

bool is_quota(const ServerError& error) {
  return error.is("insufficient_quota") || error.is("billing_hard_limit_reached") ||
         error.is("billing_not_active") ||
         error.message.find("exceeded your current quota") != std::string::npos;
}

bool is_filter(const ServerError& error) {
  return error.is("content_filter") || error.is("content_policy_violation");
}

bool is_length(const ServerError& error) {
  return error.is("context_length_exceeded") ||
         error.message.find("maximum context length") != std::string::npos;
}

bool names_model(const ServerError& error) {
  return error.is("model_not_found") || error.is("DeploymentNotFound") ||
         error.message.find("model") != std::string::npos;
}

Verdict not_found(const ServerError& error, const JudgeRules& rules, const std::string& detail) {
  if (names_model(error))
    return fatal_at_first(rules,
                          fatal(ExitCode::config, "no_model", detail,
                                "does the endpoint serve \"" + rules.model + "\"? set endpoint.model"));
  return fatal_at_first(rules,
                        fatal(ExitCode::config, "no_such_address", detail,
                              "endpoint.base_url is \"" + rules.base_url + "\"; it usually ends with /v1"));
}

Verdict too_many(const ServerError& error, const std::string& detail) {
  if (is_quota(error))
    return fatal(ExitCode::stopped, "quota", detail,
                 "raise the quota or pay the account, then run the same command");
  return make(Class::busy, "rate_limited", detail);
}

Verdict client_error(int status, const ServerError& error, const JudgeRules& rules,
                     const std::string& detail) {
  switch (status) {
    case 401:
      return fatal(ExitCode::denied, "denied", detail,
                   "check the key: endpoint.api_key_file or "
                   "the variable in "
                   "endpoint.api_key_variable");
    case 402:
      return fatal(ExitCode::stopped, "quota", detail, "pay the account, then run the same command");
    case 403:
      return fatal_at_first(rules, fatal(ExitCode::denied, "denied", detail, "may this key use this model?"));
    case 404:
      return not_found(error, rules, detail);
    case 407:
      return fatal(ExitCode::denied, "proxy", detail, "the proxy asks for a name and password");
    case 405:
    case 406:
    case 410:
    case 411:
    case 415:
    case 426:
      return fatal_at_first(rules, fatal(ExitCode::config, "no_such_address", detail,
                                         "is endpoint.base_url an OpenAI-compatible address, up to /v1?"));
    case 408:
      return make(Class::retry, "timeout", detail);
    case 409:
    case 425:
      return make(Class::retry, "conflict", detail);
    case 429:
      return too_many(error, detail);
    default:
      break;
  }
  if (is_filter(error)) return make(Class::rejected, "content_filter", detail);
  if (is_length(error) || status == 413) return make(Class::rejected, "too_long", detail);
  return make(Class::rejected, "bad_request", detail);
}

// "x-should-retry" is the server's own word on the matter.
Verdict heed_server(Verdict verdict, const HttpReply& reply) {
  const std::string word = header(reply.headers, "x-should-retry");
  if (word == "false" && verdict.what == Class::retry) verdict.what = Class::failed;
  if (word == "true" && verdict.what == Class::rejected && !verdict.paid) verdict.what = Class::retry;
  verdict.wait = retry_after(reply.headers);
  return verdict;
}

Verdict error_status(int status, const HttpReply& reply, const JudgeRules& rules) {
  const ServerError error = server_error(reply.body);
  const std::string detail = fmt::format("{} {}", status, error.message);
  if (status >= 300 && status < 400)
    return fatal(
        ExitCode::config, "redirect",
        fmt::format("the endpoint redirects ({}) to {}", status, excerpt(header(reply.headers, "location"))),
        "film does not carry the key elsewhere: set endpoint.base_url to the final address");
  if (status < 500) return heed_server(client_error(status, error, rules, detail), reply);
  if (status == 503 || status == 529) return heed_server(make(Class::busy, "overloaded", detail), reply);
  if (status == 501 || status == 505)
    return fatal_at_first(rules, fatal(ExitCode::config, "no_such_address", detail,
                                       "is endpoint.base_url an OpenAI-compatible address, up to /v1?"));
  return heed_server(make(Class::retry, "server_error", detail), reply);
}

// The status that an error inside a 200 stands for.
int meant_status(const ServerError& error) {
  if (error.status >= 400) return error.status;
  if (error.is("insufficient_quota") || error.is("rate_limit_exceeded") || error.is("rate_limit_error"))
    return 429;
  if (error.is("invalid_request_error") || error.is("context_length_exceeded") || is_filter(error))
    return 400;
  if (error.is("authentication_error") || error.is("invalid_api_key")) return 401;
  return error.is("overloaded_error") ? 503 : 500;
}

Verdict paid_verdict(Completion done, const JudgeRules& rules) {
  Verdict verdict = make(Class::rejected, "", "");
  verdict.paid = true;
  verdict.text = std::move(done.text);
  verdict.model = std::move(done.model);
  verdict.usage = done.usage;
  const bool blank = verdict.text.find_first_not_of(" \t\r\n") == std::string::npos;
  // finish_reason first: a cut-off answer is not to be blamed on parsing later.
  if (done.finish_reason == "content_filter")
    verdict.reason = "content_filter";
  else if (!done.refusal.empty())
    verdict.reason = "refusal", verdict.detail = excerpt(done.refusal);
  else if (done.finish_reason == "length" && (blank || !rules.keep_truncated))
    verdict.reason = "length";
  else if (blank)
    verdict.reason = "empty";
  else
    verdict.what = Class::answer;
  if (verdict.reason == "length") verdict.detail = "cut off at max_tokens";
  return verdict;
}

Verdict success(const HttpReply& reply, const JudgeRules& rules) {
  const auto json = parse_reply(reply.body);
  if (!json) {
    const std::string got = reply.body.empty() ? "an empty body" : "no JSON: " + excerpt(reply.body, 80);
    return make(Class::retry, "bad_body", fmt::format("{} with {}", reply.status, got));
  }
  Completion done = completion(*json);
  if (done.has_choice) return paid_verdict(std::move(done), rules);
  if (holds_error(*json)) return error_status(meant_status(server_error(reply.body)), reply, rules);
  return fatal_at_first(rules, fatal(ExitCode::config, "wrong_schema",
                                     "the reply holds no choices: " + excerpt(reply.body, 120),
                                     "is endpoint.base_url an OpenAI-compatible address, up to /v1?"));
}

}  // namespace

Verdict judge(const HttpReply& reply, const JudgeRules& rules) {
  Verdict verdict;
  if (reply.broke != Break::none) {
    verdict = broken(reply);
    verdict.unknown = reply.sent;
    return verdict;
  }
  if (reply.status < 200 || reply.status > 299) return error_status(reply.status, reply, rules);
  verdict = success(reply, rules);
  verdict.unknown = verdict.reason == "bad_body" || verdict.reason == "wrong_schema";
  return verdict;
}

}  // namespace film::endpoint

// Replies with an error status.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "film/base/strings.h"
#include "reply_body.h"
#include "retry_after.h"
#include "verdicts.h"

namespace film::endpoint {
namespace {

bool says(const ServerError& error, std::initializer_list<std::string_view> phrases) {
  const std::string words = to_lower_ascii(error.code + " " + error.type + " " + error.message);
  return std::ranges::any_of(
      phrases, [&](std::string_view phrase) { return words.find(phrase) != std::string::npos; });
}

// The account has no money left, which no waiting mends.
bool is_quota(const ServerError& error) {
  return error.code == "1113" ||
         says(error, {"insufficient_quota", "insufficient quota", "exceeded your current quota", "billing",
                      "credit balance", "account balance", "balance is", "insufficient balance",
                      "insufficient_balance", "not enough balance", "no balance", "out of credit",
                      "insufficient credit", "enough credit", "more credits", "payment required", "recharge",
                      "arrears", "overdue"});
}

// The prompt is longer than the model or the server reads.
bool is_length(const ServerError& error) {
  return says(error, {"context_length",
                      "context length",
                      "context size",
                      "context_size",
                      "context window",
                      "context_window",
                      "maximum context",
                      "too many tokens",
                      "too many input tokens",
                      "prompt is too long",
                      "prompt too long",
                      "input is too long",
                      "input too long",
                      "exceeds the maximum number of tokens",
                      "max_new_tokens` must be",
                      "string_above_max_length",
                      "maximum prompt length",
                      "longer than the maximum",
                      "exceeds the limit of",
                      "reduce the length"});
}

bool names_model(const ServerError& error) {
  return error.is("model_not_found") || error.is("DeploymentNotFound") ||
         error.message.find("model") != std::string::npos;
}

Verdict denied(const std::string& detail, std::string hint) {
  return fatal(ExitCode::denied, Reason::denied, detail, std::move(hint));
}

Verdict no_such_address(const JudgeRules& rules, const std::string& detail, std::string hint = kIsItOpenAi) {
  return fatal_at_first(rules, fatal(ExitCode::config, Reason::no_such_address, detail, std::move(hint)));
}

Verdict not_found(const ServerError& error, const JudgeRules& rules, const std::string& detail) {
  // Some servers have one of the two routes.
  const std::string route = rules.base_url.ends_with("/v1")
                                ? ", as this one does: try --set endpoint.route=chat, or completions"
                                : "";
  if (!names_model(error))
    return no_such_address(
        rules, detail, "endpoint.base_url is \"" + rules.base_url + "\"; it usually ends with /v1" + route);
  return fatal_at_first(rules, fatal(ExitCode::config, Reason::no_model, detail,
                                     "does the endpoint serve \"" + rules.model + "\"? set endpoint.model"));
}

Verdict no_money(const std::string& detail) {
  return fatal(ExitCode::stopped, Reason::quota, detail,
               "raise the quota or add credit, then rerun the same command");
}

Verdict too_many(const ServerError& error, const std::string& detail) {
  if (is_quota(error)) return no_money(detail);
  return verdict(Disposition::throttled, Reason::rate_limited, detail);
}

Verdict not_accepted(int status, const ServerError& error, const std::string& detail) {
  if (error.is_content_filter()) return verdict(Disposition::rejected, Reason::content_filter, detail);
  if (is_length(error) || status == 413) return verdict(Disposition::rejected, Reason::too_long, detail);
  if (is_quota(error)) return no_money(detail);
  return verdict(Disposition::rejected, Reason::bad_request, detail);
}

Verdict client_error(int status, const ServerError& error, const JudgeRules& rules,
                     const std::string& detail) {
  switch (status) {
    case 401:
      return denied(detail,
                    "check the key: endpoint.api_key_file or the variable in endpoint.api_key_variable");
    case 402:
      return no_money(detail);
    case 403:
      if (is_quota(error)) return no_money(detail);
      return fatal_at_first(rules, denied(detail, "may this key use this model?"));
    case 404:
      return not_found(error, rules, detail);
    case 407:
      return fatal(ExitCode::denied, Reason::proxy, detail, "the proxy asks for a user name and password");
    case 405:
    case 406:
    case 410:
    case 411:
    case 415:
    case 426:
      return no_such_address(rules, detail);
    case 408:
      return verdict(Disposition::retry, Reason::timeout, detail);
    case 409:
    case 425:
      return verdict(Disposition::retry, Reason::conflict, detail);
    case 429:
      return too_many(error, detail);
    default:
      return not_accepted(status, error, detail);
  }
}

Verdict redirect(int status, const HttpReply& reply) {
  const std::string target = excerpt(header(reply.headers, "location"));
  return fatal(ExitCode::config, Reason::redirect,
               fmt::format("the endpoint redirects ({}) to {}", status, target),
               "film does not send the key to another address: set endpoint.base_url to the final one");
}

// "x-should-retry" is the server's own word on the matter.
Verdict heed_server(Verdict verdict, const HttpReply& reply) {
  const std::string word = header(reply.headers, "x-should-retry");
  const Disposition said = verdict.disposition;
  if (word == "false" && said == Disposition::retry) verdict.disposition = Disposition::failed;
  if (word == "true" && said == Disposition::rejected) verdict.disposition = Disposition::retry;
  verdict.wait = retry_after(reply.headers);
  return verdict;
}

}  // namespace

Verdict judge_status(int status, const HttpReply& reply, const JudgeRules& rules) {
  if (status >= 300 && status < 400) return redirect(status, reply);
  const ServerError error = server_error(reply.body);
  const std::string detail = fmt::format("{} {}", status, error.message);
  if (status < 500) return heed_server(client_error(status, error, rules, detail), reply);
  if (is_length(error)) return verdict(Disposition::rejected, Reason::too_long, detail);
  if (status == 503 || status == 529)
    return heed_server(verdict(Disposition::throttled, Reason::overloaded, detail), reply);
  if (status == 501 || status == 505) return no_such_address(rules, detail);
  return heed_server(verdict(Disposition::retry, Reason::server_error, detail), reply);
}

}  // namespace film::endpoint

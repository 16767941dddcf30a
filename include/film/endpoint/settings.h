#pragma once
// Settings of one OpenAI-compatible service: one model behind one or several servers. A key is never a setting,
// only where to find it.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"

namespace film::endpoint {

// How address and key are written. azure: deployment and api-version in the address, the key in "api-key".
enum class ApiStyle { openai, azure };
constexpr auto enum_names(ApiStyle) {
  return std::to_array<EnumName<ApiStyle>>({{ApiStyle::openai, "openai"}, {ApiStyle::azure, "azure"}});
}

// The request's name for the longest answer; newer OpenAI models accept only the second.
enum class MaxTokensField { max_tokens, max_completion_tokens };
constexpr auto enum_names(MaxTokensField) {
  return std::to_array<EnumName<MaxTokensField>>(
      {{MaxTokensField::max_tokens, "max_tokens"},
       {MaxTokensField::max_completion_tokens, "max_completion_tokens"}});
}

// Where requests go. chat: /chat/completions, and the server puts its own template around the messages. completions:
// /completions, and the prompt is sent as it is: film writes the template.
enum class Route { chat, completions };
constexpr auto enum_names(Route) {
  return std::to_array<EnumName<Route>>({{Route::chat, "chat"}, {Route::completions, "completions"}});
}

// What film puts around a prompt on the route completions. The begin token is the server's to add, and in none of them.
enum class RawTemplate { none, film, mistral, llama, qwen, chatml };
constexpr auto enum_names(RawTemplate) {
  return std::to_array<EnumName<RawTemplate>>({{RawTemplate::none, "none"},
                                               {RawTemplate::film, "film"},
                                               {RawTemplate::mistral, "mistral"},
                                               {RawTemplate::llama, "llama"},
                                               {RawTemplate::qwen, "qwen"},
                                               {RawTemplate::chatml, "chatml"}});
}

// Whether a model that reasons may do so. off: asked not to, in the words of vLLM, SGLang and llama.cpp.
enum class Reasoning { as_is, off };
constexpr auto enum_names(Reasoning) {
  return std::to_array<EnumName<Reasoning>>({{Reasoning::as_is, "as_is"}, {Reasoning::off, "off"}});
}

// One of several servers of the same service. Unset fields are those of EndpointSettings.
struct ServerSettings {
  std::string base_url = {};          // address, as EndpointSettings::base_url
  std::string api_key_file = {};      // empty: unset
  std::string api_key_variable = {};  // empty: unset
  double requests_per_minute = -1;    // -1: unset; 0: no limit
  double tokens_per_minute = -1;      // -1: unset; 0: no limit
  int max_in_flight = 0;              // 0: unset

  void describe(Fields& f);
};

struct EndpointSettings {
  // Who answers.
  std::string base_url = "https://api.openai.com/v1";  // address up to and including /v1; Azure: the resource
  // Several servers of one service, asked instead of base_url; requests are spread over those that answer.
  std::vector<ServerSettings> servers;
  // Name of the service in the journal's keys; empty = the model's name. Answers of the same model from two
  // services that should not be mixed need two names.
  std::string service;
  std::string model;  // Azure: the deployment
  ApiStyle api_style = ApiStyle::openai;
  std::string api_version = "2024-06-01";  // Azure only
  std::string api_key_file;                // file with the key and nothing else; read before the variable
  std::string api_key_variable = "OPENAI_API_KEY";  // environment variable; empty = the server needs no key

  Route route = Route::chat;
  RawTemplate raw_template = RawTemplate::none;  // of the route completions
  std::int64_t context_tokens = 0;               // prompt and answer, at most; 0: the server is asked

  // What is asked of the model; part of every request and therefore of its key.
  double temperature = 1;  // 0 to 2; -1 = not sent, the server's default
  int max_tokens =
      1024;  // longest answer in tokens; shorter costs less, but more answers are cut off. 0 = not sent
  MaxTokensField max_tokens_field = MaxTokensField::max_tokens;
  double top_p = -1;  // 0 to 1; -1 = not sent
  Reasoning reasoning = Reasoning::as_is;
  int reasoning_tokens = 0;          // added to the longest answer of every request
  std::int64_t seed = -1;            // -1 = not sent; many servers ignore it
  Json extra_body = Json::object();  // more fields of every request, e.g. response_format
  bool keep_truncated = false;       // accept answers cut off at max_tokens instead of rejecting them

  // Pace of each server. Limits below the server's own avoid 429 replies; without them film finds the pace from
  // 429 replies and x-ratelimit headers.
  double requests_per_minute = 0;  // 0 = no limit
  double tokens_per_minute = 0;    // prompt plus max_tokens, as servers count them; 0 = no limit
  int max_in_flight =
      64;  // requests open at once; more keep a batching server busy, but more are lost when killed

  // Timeouts in seconds. Too short: the server works on answers that nobody receives, and may charge for them.
  double connect_timeout = 10;                // until connected
  double answer_timeout = 300;                // from sending to the first byte of the reply
  double stall_timeout = 60;                  // longest silence within a reply
  double total_timeout = 600;                 // one attempt from start to end
  std::int64_t max_response_bytes = 8 << 20;  // after decompression; a longer reply is dropped

  // Retries.
  int max_attempts = 6;      // requests sent for one question at most
  double retry_share = 0.2;  // retries allowed per request over the whole run (0.2: one per five requests)
  double backoff = 1;        // seconds; the mean pause before the first retry is half of it, then it doubles
  double backoff_cap = 60;   // seconds; longest such pause
  double longest_pause = 900;  // seconds; a server that asks for a longer one is left out
  int give_up_after = 12;      // rounds of failures without one answer, after which a server is left out
  double stop_wait = 20;       // seconds to wait for answers in flight when a run ends early

  // Network.
  std::string proxy;    // HTTP proxy, http://host:port; empty = the variable https_proxy; "none" = no proxy
  std::string ca_file;  // certificates to trust instead of the system's (PEM)
  bool allow_http = false;  // allow plain http to other machines: key and texts travel readable

  // Money, in any unit. The cap counts what earlier runs spent according to the journal.
  double price_in = 0;   // per million prompt tokens
  double price_out = 0;  // per million answer tokens
  double max_cost = 0;   // a run ends before it could cost more; 0 = no limit

  void describe(Fields& f);
  // Rules across fields, before any work. Throws config_error with the remedy, no_input (ca_file).
  void check() const;
  // Who answers, for the journal's keys: `service`, or the model's name. Never an address.
  std::string identity() const;
  // Who answers, for people and manifests: `service`, or the address or addresses.
  std::string service_text() const;
  // In the unit of the prices.
  double cost(std::int64_t prompt_tokens, std::int64_t completion_tokens) const;
};

}  // namespace film::endpoint

#pragma once
// The settings of one OpenAI-compatible endpoint. The key itself is never a setting: only where it lies.
#include <cstdint>
#include <string>

#include "film/base/settings.h"

namespace film::endpoint {

struct EndpointSettings {
  std::string base_url = "https://api.openai.com/v1";
  std::string service;  // part of the journal's key; empty = base_url
  std::string model;
  std::string api_style = "openai";
  std::string api_version = "2024-06-01";
  std::string api_key_file;
  std::string api_key_variable = "OPENAI_API_KEY";

  double temperature = 1;
  int max_tokens = 1024;
  std::string max_tokens_field = "max_tokens";
  std::int64_t seed = -1;
  Json extra_body = Json::object();
  bool keep_truncated = false;

  double requests_per_minute = 0;
  double tokens_per_minute = 0;
  int max_in_flight = 64;

  double connect_timeout = 10;
  double answer_timeout = 300;
  double stall_timeout = 60;
  double total_timeout = 600;
  std::int64_t max_response_bytes = 8 << 20;

  int max_attempts = 6;
  double retry_share = 0.2;
  double backoff = 1;
  double backoff_cap = 60;
  double longest_pause = 900;
  int give_up_after = 12;
  double stop_wait = 20;

  std::string proxy;
  std::string ca_file;
  bool allow_http = false;

  double price_in = 0;
  double price_out = 0;
  double max_cost = 0;

  void describe(Fields& f);
  // Rules across fields, before any work. Throws config_error with the remedy.
  void check() const;
  // Who answers, for the journal's key: `service`, or the address without a slash at its end.
  std::string identity() const;
  // Where chat completions are posted to. Throws config_error for an address that is none.
  std::string chat_url() const;
  double cost(std::int64_t prompt_tokens, std::int64_t completion_tokens) const;
};

// True for localhost, 127.0.0.0/8 and ::1, the only hosts that plain http may reach without `allow_http`.
bool is_loopback(const std::string& host);

}  // namespace film::endpoint

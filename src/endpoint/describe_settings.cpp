// The fields of EndpointSettings, by subject.
#include "film/endpoint/settings.h"

namespace film::endpoint {
namespace {

void describe_service(Fields& f, EndpointSettings& s) {
  f.add("base_url", s.base_url, "address up to and including /v1 (Azure: the resource's address)").runtime();
  f.list("servers", s.servers, "several servers of one service, asked instead of base_url").runtime();
  f.add(
      "service", s.service,
      "name of the service, part of the journal's keys; empty = the model's name. Name it when two services "
      "offer the same model");
  f.add("model", s.model, "model (Azure: deployment) that answers");
  f.add("route", s.route, "chat: the server's own template; completions: prompts are sent raw");
  f.add("template", s.raw_template, "what film puts around a prompt on the route completions");
  f.add("context_tokens", s.context_tokens, "prompt and answer, at most; 0 = as the server says")
      .range(0, 1e9)
      .in("tokens");
  f.add("api_style", s.api_style, "how address and key are written");
  f.add("api_version", s.api_version, "Azure only").runtime();
  f.add("api_key_file", s.api_key_file, "file with the key and nothing else; read before api_key_variable")
      .runtime();
  f.add("api_key_variable", s.api_key_variable,
        "environment variable with the key; empty = the server needs no key")
      .runtime();
}

void describe_answers(Fields& f, EndpointSettings& s) {
  f.add("temperature", s.temperature, "-1 = not sent: the server's default").range(-1, 2);
  f.add("max_tokens", s.max_tokens, "longest answer; 0 = not sent: the server's default")
      .range(0, 1e6)
      .in("tokens");
  f.add("max_tokens_field", s.max_tokens_field, "name of that field in the request");
  f.add("top_p", s.top_p, "-1 = not sent").range(-1, 1);
  f.add("reasoning", s.reasoning, "off: chat_template_kwargs.enable_thinking is false in every request");
  f.add("reasoning_tokens", s.reasoning_tokens, "added to the longest answer, for what a model thinks first")
      .range(0, 1e6)
      .in("tokens");
  f.add("seed", s.seed, "sent with every request; -1 = not sent").range(-1, 9e15);
  f.add("extra_body", s.extra_body, "object with more fields of every request");
  f.add("keep_truncated", s.keep_truncated, "accept answers that were cut off at max_tokens");
}

void describe_pace(Fields& f, EndpointSettings& s) {
  f.add("requests_per_minute", s.requests_per_minute, "pace of each server; 0 = as fast as answers come")
      .range(0, 1e9)
      .runtime();
  f.add("tokens_per_minute", s.tokens_per_minute,
        "pace of each server, prompt + max_tokens as servers count it; 0 = no limit")
      .range(0, 1e12)
      .runtime();
  f.add("max_in_flight", s.max_in_flight, "requests open at once, at most, for each server")
      .range(1, 10000)
      .runtime();
}

void describe_timeouts(Fields& f, EndpointSettings& s) {
  f.add("connect_timeout", s.connect_timeout, "until connected").range(0.001, 3600).in("s").runtime();
  f.add("answer_timeout", s.answer_timeout, "from sending to the first byte")
      .range(0.001, 86400)
      .in("s")
      .runtime();
  f.add("stall_timeout", s.stall_timeout, "longest silence within a reply")
      .range(0.001, 86400)
      .in("s")
      .runtime();
  f.add("total_timeout", s.total_timeout, "one attempt from start to end")
      .range(0.001, 86400)
      .in("s")
      .runtime();
  f.add("max_response_bytes", s.max_response_bytes, "a longer reply is dropped")
      .range(1024, 1 << 30)
      .in("bytes")
      .runtime();
}

void describe_retries(Fields& f, EndpointSettings& s) {
  f.add("max_attempts", s.max_attempts, "requests sent for one question at most").range(1, 100).runtime();
  f.add("retry_share", s.retry_share, "retries allowed per request, over the whole run")
      .range(0, 10)
      .runtime();
  f.add("backoff", s.backoff, "mean pause before the first retry is half of this; it doubles")
      .range(0, 3600)
      .in("s")
      .runtime();
  f.add("backoff_cap", s.backoff_cap, "longest such pause").range(0, 3600).in("s").runtime();
  f.add("longest_pause", s.longest_pause,
        "a server that asks for a longer one is left out; without another server the run ends (75)")
      .range(0, 86400)
      .in("s")
      .runtime();
  f.add("give_up_after", s.give_up_after,
        "rounds of failures without an answer before a server is left out; without another server the run "
        "ends (69)")
      .range(1, 1000)
      .runtime();
  f.add("stop_wait", s.stop_wait, "wait for answers in flight when the run ends early")
      .range(0, 3600)
      .in("s")
      .runtime();
}

void describe_network(Fields& f, EndpointSettings& s) {
  f.add("proxy", s.proxy, "HTTP proxy, http://host:port; empty = from https_proxy; none = no proxy")
      .runtime();
  f.add("ca_file", s.ca_file, "certificates to trust instead of the system's (PEM)").runtime();
  f.add("allow_http", s.allow_http, "allow plain http to other machines").runtime();
}

void describe_money(Fields& f, EndpointSettings& s) {
  f.add("price_in", s.price_in, "per million prompt tokens").range(0, 1e6).runtime();
  f.add("price_out", s.price_out, "per million answer tokens").range(0, 1e6).runtime();
  f.add("max_cost", s.max_cost,
        "the run ends (75) before it could cost more, earlier runs included; 0 = no limit")
      .range(0, 1e9)
      .runtime();
}

}  // namespace

void ServerSettings::describe(Fields& f) {
  f.add("base_url", base_url, "address up to and including /v1");
  f.add("api_key_file", api_key_file, "file with this server's key; empty = as for the endpoint");
  f.add("api_key_variable", api_key_variable,
        "environment variable with this server's key; empty = as for the endpoint");
  f.add("requests_per_minute", requests_per_minute, "pace; -1 = as for the endpoint").range(-1, 1e9);
  f.add("tokens_per_minute", tokens_per_minute, "pace; -1 = as for the endpoint").range(-1, 1e12);
  f.add("max_in_flight", max_in_flight, "requests open at once; 0 = as for the endpoint").range(0, 10000);
}

void EndpointSettings::describe(Fields& f) {
  describe_service(f, *this);
  describe_answers(f, *this);
  describe_pace(f, *this);
  describe_timeouts(f, *this);
  describe_retries(f, *this);
  describe_network(f, *this);
  describe_money(f, *this);
}

}  // namespace film::endpoint

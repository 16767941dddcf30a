#include "film/endpoint/settings.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "film/base/error.h"

namespace film::endpoint {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

// The address as it may be shown: a password in it must not reach a log either.
std::string shown(const std::string& address) {
  const std::size_t at = address.find('@');
  return at == std::string::npos ? address : "…" + address.substr(at);
}

Url parse(const std::string& key, const std::string& address) {
  Url url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, address.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    throw config_error(key + " is no address: \"" + shown(address) + "\"", "write it as https://host/v1");
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty())
    throw config_error(key + " holds a user name or password, which would be written into settings.json",
                       key.ends_with("proxy")
                           ? "put it into the environment variable https_proxy instead"
                           : "put the key into a file and name it in endpoint.api_key_file");
  return url;
}

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

void check_scheme(const EndpointSettings& s) {
  const Url url = parse("endpoint.base_url", s.base_url);
  const std::string scheme = part(url.get(), CURLUPART_SCHEME), host = part(url.get(), CURLUPART_HOST);
  if (!part(url.get(), CURLUPART_QUERY).empty() || !part(url.get(), CURLUPART_FRAGMENT).empty())
    throw config_error("endpoint.base_url must end with its path, got " +
                           s.base_url.substr(0, s.base_url.find_first_of("?#")) + "?…",
                       "leave out what follows the ? or #; for Azure set endpoint.api_version");
  if (scheme == "https" || (scheme == "http" && (s.allow_http || is_loopback(host)))) return;
  if (scheme == "http")
    throw config_error("endpoint.base_url is plain http to " + host + ": key and texts would travel readable",
                       "use https, or set endpoint.allow_http=true if the network between is yours");
  throw config_error("endpoint.base_url must begin with https://, got \"" + s.base_url + "\"");
}

}  // namespace

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

void EndpointSettings::describe(Fields& f) {
  f.add("base_url", base_url, "address up to and with /v1 (Azure: the resource's address)").runtime();
  // Shown as what it resolves to, so that another address is another service unless the two bear one name.
  f.add("service", service,
        "name of who answers, part of the journal's key; empty = base_url. Name it when one service has "
        "changing "
        "addresses")
      .get = [this] { return Json(identity()); };
  f.add("model", model, "model (Azure: deployment) that answers");
  f.add("api_style", api_style, "how address and key are written").one_of({"openai", "azure"});
  f.add("api_version", api_version, "Azure only").runtime();
  f.add("api_key_file", api_key_file,
        "file that holds the key and nothing else; read before api_key_variable")
      .runtime();
  f.add("api_key_variable", api_key_variable,
        "environment variable that holds the key; empty = no key is needed")
      .runtime();

  f.add("temperature", temperature, "-1 = leave it to the server").range(-1, 2);
  f.add("max_tokens", max_tokens, "longest answer; 0 = leave it to the server").range(0, 1e6).in("tokens");
  f.add("max_tokens_field", max_tokens_field, "its name in the request")
      .one_of({"max_tokens", "max_completion_tokens"});
  f.add("seed", seed, "sent with every request; -1 = none").range(-1, 9e15);
  f.add("extra_body", extra_body, "object of further fields for every request");
  f.add("keep_truncated", keep_truncated, "take answers that were cut off at max_tokens");

  f.add("requests_per_minute", requests_per_minute, "pace; 0 = as fast as answers come").range(0, 1e9).runtime();
  f.add("tokens_per_minute", tokens_per_minute, "pace, prompt + max_tokens as servers count it; 0 = no limit")
      .range(0, 1e12)
      .runtime();
  f.add("max_in_flight", max_in_flight, "most requests open at once").range(1, 10000).runtime();

  f.add("connect_timeout", connect_timeout, "until connected").range(0.001, 3600).in("s").runtime();
  f.add("answer_timeout", answer_timeout, "from sending to the first byte")
      .range(0.001, 86400)
      .in("s")
      .runtime();
  f.add("stall_timeout", stall_timeout, "longest silence inside a reply").range(0.001, 86400).in("s").runtime();
  f.add("total_timeout", total_timeout, "whole request").range(0.001, 86400).in("s").runtime();
  f.add("max_response_bytes", max_response_bytes, "a longer reply is dropped")
      .range(1024, 1 << 30)
      .in("bytes")
      .runtime();

  f.add("max_attempts", max_attempts, "requests sent for one question at most").range(1, 100).runtime();
  f.add("retry_share", retry_share, "repeats allowed per request, over the whole run").range(0, 10).runtime();
  f.add("backoff", backoff, "mean first pause before a repeat is half of this; doubles")
      .range(0, 3600)
      .in("s")
      .runtime();
  f.add("backoff_cap", backoff_cap, "longest pause of that kind").range(0, 3600).in("s").runtime();
  f.add("longest_pause", longest_pause, "a server that asks for a longer one ends the run (75)")
      .range(0, 86400)
      .in("s")
      .runtime();
  f.add("give_up_after", give_up_after, "rounds of failures without one answer that end the run (69)")
      .range(1, 1000)
      .runtime();
  f.add("stop_wait", stop_wait, "wait for answers in flight when the run ends early")
      .range(0, 3600)
      .in("s")
      .runtime();

  f.add("proxy", proxy, "HTTP proxy, http://host:port; empty = as https_proxy says; none = no proxy").runtime();
  f.add("ca_file", ca_file, "certificates to trust instead of the system's (PEM)").runtime();
  f.add("allow_http", allow_http, "allow plain http beyond this machine").runtime();

  f.add("price_in", price_in, "per million prompt tokens").range(0, 1e6).runtime();
  f.add("price_out", price_out, "per million answer tokens").range(0, 1e6).runtime();
  f.add("max_cost", max_cost,
        "the run ends (75) before it could cost more, earlier runs included; 0 = no limit")
      .range(0, 1e9)
      .runtime();
}

void EndpointSettings::check() const {
  check_scheme(*this);
  if (model.empty())
    throw config_error("endpoint.model is not set", "name the model, e.g. --set endpoint.model=gpt-4-turbo");
  if (!extra_body.is_object())
    throw config_error("endpoint.extra_body must be an object, got " + to_line(extra_body));
  for (const char* key : {"model", "messages", "stream", "n"})
    if (extra_body.contains(key))
      throw config_error(std::string("endpoint.extra_body must not hold \"") + key + "\"",
                         "film writes it itself");
  if (max_cost > 0 && price_in <= 0 && price_out <= 0)
    throw config_error("endpoint.max_cost needs prices",
                       "set endpoint.price_in and endpoint.price_out per million");
  if (max_cost > 0 && max_tokens == 0)
    throw config_error("endpoint.max_cost needs endpoint.max_tokens",
                       "an answer of any length has no worst case");
  if (!proxy.empty() && proxy != "none") parse("endpoint.proxy", proxy);
  if (!ca_file.empty() && !fs::exists(ca_file))
    throw no_input("endpoint.ca_file " + ca_file + " does not exist");
}

std::string EndpointSettings::identity() const { return service.empty() ? without_slash(base_url) : service; }

std::string EndpointSettings::chat_url() const {
  std::string url = without_slash(base_url);
  if (!url.ends_with("/chat/completions")) {
    if (api_style == "azure" && url.find("/deployments/") == std::string::npos)
      url = without_slash(url.substr(0, url.find("/openai"))) + "/openai/deployments/" + model;
    url += "/chat/completions";
  }
  return api_style == "azure" ? url + "?api-version=" + api_version : url;
}

double EndpointSettings::cost(std::int64_t prompt_tokens, std::int64_t completion_tokens) const {
  return (price_in * static_cast<double>(prompt_tokens) +
          price_out * static_cast<double>(completion_tokens)) /
         1e6;
}

}  // namespace film::endpoint

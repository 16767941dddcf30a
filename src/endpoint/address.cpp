#include "address.h"

#include <curl/curl.h>

#include <memory>

#include "film/base/error.h"

namespace film::endpoint {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// Null when the text is not a URL.
Url parse(const std::string& text) {
  Url url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    url.reset();
  return url;
}

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

// The address as it may be shown: without a user name and password.
std::string shown(const std::string& address) {
  const std::size_t at = address.find('@');
  return at == std::string::npos ? address : "…" + address.substr(at);
}

Url parse_setting(const std::string& key, const std::string& text, const char* secret_hint) {
  Url url = parse(text);
  if (!url)
    throw config_error(key + " is not a valid URL: \"" + shown(text) + "\"", "write it as https://host/v1");
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
    throw config_error(key + " holds a user name or password, which would be written into settings.json",
                       secret_hint);
  return url;
}

}  // namespace

void check_base_url(const std::string& key, const std::string& text, bool allow_http) {
  const Url url = parse_setting(key, text, "put the key into a file and name it in endpoint.api_key_file");
  if (!part(url, CURLUPART_QUERY).empty() || !part(url, CURLUPART_FRAGMENT).empty())
    throw config_error(
        key + " must end with its path, got " + text.substr(0, text.find_first_of("?#")) + "?…",
        "leave out what follows the ? or #; for Azure set endpoint.api_version");
  const std::string scheme = part(url, CURLUPART_SCHEME), host = part(url, CURLUPART_HOST);
  if (scheme == "https" || (scheme == "http" && (allow_http || is_loopback(host)))) return;
  if (scheme == "http")
    throw config_error(key + " is plain http to " + host + ": key and texts would travel readable",
                       "use https, or set endpoint.allow_http=true if you trust the network in between");
  throw config_error(key + " must begin with https://, got \"" + text + "\"");
}

void check_proxy(const std::string& key, const std::string& text) {
  parse_setting(key, text, "put it into the environment variable https_proxy instead");
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

bool is_loopback_url(const std::string& text) {
  const Url url = parse(text);
  return url && is_loopback(part(url, CURLUPART_HOST));
}

std::string without_trailing_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string api_root(const EndpointSettings& settings) {
  std::string url = without_trailing_slash(settings.base_url);
  for (const std::string_view route : {"/chat/completions", "/completions"})
    if (url.ends_with(route)) url.resize(url.size() - route.size());
  return url;
}

std::string server_root(const EndpointSettings& settings) {
  const std::string url = api_root(settings);
  return url.ends_with("/v1") ? url.substr(0, url.size() - 3) : url;
}

std::string post_url(const EndpointSettings& settings) {
  const bool azure = settings.api_style == ApiStyle::azure;
  std::string url = api_root(settings);
  const bool whole = without_trailing_slash(settings.base_url) != url;
  if (azure && !whole && url.find("/deployments/") == std::string::npos)
    url =
        without_trailing_slash(url.substr(0, url.find("/openai"))) + "/openai/deployments/" + settings.model;
  url += settings.route == Route::chat ? "/chat/completions" : "/completions";
  return azure ? url + "?api-version=" + settings.api_version : url;
}

}  // namespace film::endpoint

#include "api_key.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "film/base/error.h"
#include "film/base/log.h"

namespace film::endpoint {
namespace {

constexpr std::size_t kShortestSecret = 12;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
  return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

// A line break inside would end the header and begin another.
std::string checked(const std::string& text, const std::string& source) {
  const std::string key = trimmed(text);
  if (key.empty()) throw config_error(source + " is empty: expected an API key");
  if (key.size() > 4096 || std::ranges::any_of(key, [](char c) { return c <= ' ' || c > '~'; }))
    throw config_error(source + " does not hold an API key: expected one word of printable characters");
  return key;
}

bool is_local(const std::string& url) {
  std::string host = url.substr(std::min(url.size(), url.find("://") + 3));
  if (host.starts_with("[")) return is_loopback(host.substr(0, host.find(']') + 1));
  return is_loopback(host.substr(0, host.find_first_of(":/")));
}

void warn_if_readable(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0)
    warn(file + " can be read by other users of this machine: chmod 600 it");
}

}  // namespace

ApiKey ApiKey::load(const EndpointSettings& settings) {
  if (!settings.api_key_file.empty()) {
    warn_if_readable(settings.api_key_file);
    return ApiKey(
        checked(read_file(settings.api_key_file), "endpoint.api_key_file " + settings.api_key_file));
  }
  const std::string& name = settings.api_key_variable;
  const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return ApiKey(checked(value, "the environment variable " + name));
  if (name.empty() || is_local(settings.base_url)) return {};
  throw config_error("no API key: endpoint.api_key_file is not set and the environment has no " + name,
                     "put the key into a file (chmod 600) and set endpoint.api_key_file, or export " + name +
                         ", or set endpoint.api_key_variable= for a server without keys");
}

std::string ApiKey::header(const std::string& api_style) const {
  return api_style == "azure" ? "api-key: " + key_ : "Authorization: Bearer " + key_;
}

std::string ApiKey::redact(std::string text) const {
  // Short keys are stand-ins ("EMPTY", "none") for servers without keys, and words that an answer may hold.
  if (key_.size() < kShortestSecret) return text;
  const std::string_view mask = "[API key]";
  for (std::size_t at = 0; (at = text.find(key_, at)) != std::string::npos; at += mask.size())
    text.replace(at, key_.size(), mask);
  return text;
}

}  // namespace film::endpoint

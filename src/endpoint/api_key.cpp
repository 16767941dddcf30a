#include "api_key.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "address.h"
#include "film/base/error.h"
#include "film/base/files.h"
#include "film/base/log.h"
#include "film/base/strings.h"

namespace film::endpoint {
namespace {

constexpr std::size_t kShortestSecret = 12;  // bytes
constexpr std::size_t kLongestKey = 4096;    // bytes

// A line break inside would end the header and begin another.
std::string checked(std::string_view text, const std::string& source) {
  const std::string key(trim(text));
  if (key.empty()) throw config_error(source + " is empty: expected an API key");
  if (key.size() > kLongestKey || std::ranges::any_of(key, [](char c) { return c <= ' ' || c > '~'; }))
    throw config_error(source + " does not hold an API key: expected one word of printable characters");
  return key;
}

void warn_if_readable(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0)
    warn(file + " can be read by other users of this machine: chmod 600 it");
}

}  // namespace

ApiKey ApiKey::load(const EndpointSettings& settings) {
  const std::string& file = settings.api_key_file;
  if (!file.empty()) {
    warn_if_readable(file);
    return ApiKey(checked(read_file(file), "endpoint.api_key_file " + file));
  }
  const std::string& name = settings.api_key_variable;
  const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return ApiKey(checked(value, "the environment variable " + name));
  if (name.empty() || is_loopback_url(settings.base_url)) return {};
  throw config_error("no API key: endpoint.api_key_file is not set and the environment has no " + name,
                     "put the key into a file (chmod 600) and set endpoint.api_key_file, or export " + name +
                         ", or set endpoint.api_key_variable= for a server without keys");
}

std::string ApiKey::header(ApiStyle style) const {
  return style == ApiStyle::azure ? "api-key: " + key_ : "Authorization: Bearer " + key_;
}

std::string ApiKey::redact(std::string text) const {
  // Short keys are placeholders ("EMPTY", "none") for servers without keys, and words that an answer may hold.
  if (key_.size() < kShortestSecret) return text;
  const std::string_view mask = "[API key]";
  for (std::size_t at = 0; (at = text.find(key_, at)) != std::string::npos; at += mask.size())
    text.replace(at, key_.size(), mask);
  return text;
}

HttpReply ApiKey::redact(HttpReply reply) const {
  reply.body = redact(std::move(reply.body));
  reply.error_text = redact(std::move(reply.error_text));
  for (auto& [name, value] : reply.headers) value = redact(std::move(value));
  return reply;
}

}  // namespace film::endpoint

#pragma once
// A server's key, kept out of every output.
#include <string>

#include "film/endpoint/settings.h"
#include "transport.h"

namespace film::endpoint {

class ApiKey {
 public:
  ApiKey() = default;
  // From api_key_file, else from the environment variable. Empty without a key: for a loopback server, or for an
  // empty variable name. Throws no_input (file), config_error (no key, or not one word of printable characters).
  static ApiKey load(const EndpointSettings& settings);

  bool empty() const { return key_.empty(); }
  // The header line with the key; never to be shown.
  std::string header(ApiStyle style) const;
  // With every occurrence of the key replaced: servers quote it in errors.
  std::string redact(std::string text) const;
  // The same for everything that a server said.
  HttpReply redact(HttpReply reply) const;

 private:
  explicit ApiKey(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

}  // namespace film::endpoint

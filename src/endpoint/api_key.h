#pragma once
// The key, kept from every output.
#include <string>

#include "film/endpoint/settings.h"

namespace film::endpoint {

class ApiKey {
 public:
  ApiKey() = default;
  // From api_key_file, else from the environment variable. No key: empty for a loopback server or an empty
  // variable name. Throws no_input (file), config_error (no key, or not one line of printable characters).
  static ApiKey load(const EndpointSettings& settings);

  bool empty() const { return key_.empty(); }
  // The header line that carries it; never to be shown.
  std::string header(const std::string& api_style) const;
  // `text` with every occurrence of the key replaced: servers quote it in errors.
  std::string redact(std::string text) const;

 private:
  explicit ApiKey(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

}  // namespace film::endpoint

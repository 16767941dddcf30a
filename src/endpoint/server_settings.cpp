#include "server_settings.h"

namespace film::endpoint {
namespace {

EndpointSettings settings_of(const EndpointSettings& shared, const ServerSettings& own) {
  EndpointSettings settings = shared;
  settings.servers.clear();
  settings.base_url = own.base_url;
  if (!own.api_key_variable.empty()) {
    settings.api_key_variable = own.api_key_variable;
    settings.api_key_file.clear();
  }
  if (!own.api_key_file.empty()) settings.api_key_file = own.api_key_file;
  if (own.requests_per_minute >= 0) settings.requests_per_minute = own.requests_per_minute;
  if (own.tokens_per_minute >= 0) settings.tokens_per_minute = own.tokens_per_minute;
  if (own.max_in_flight > 0) settings.max_in_flight = own.max_in_flight;
  return settings;
}

}  // namespace

std::vector<EndpointSettings> settings_of_servers(const EndpointSettings& settings) {
  if (settings.servers.empty()) return {settings};
  std::vector<EndpointSettings> all;
  for (const ServerSettings& own : settings.servers) all.push_back(settings_of(settings, own));
  return all;
}

std::size_t total_in_flight(const EndpointSettings& settings) {
  std::size_t total = 0;
  for (const EndpointSettings& server : settings_of_servers(settings))
    total += static_cast<std::size_t>(server.max_in_flight);
  return total;
}

std::string address_key(const EndpointSettings& settings, std::size_t index) {
  if (settings.servers.empty()) return "endpoint.base_url";
  return "endpoint.servers[" + std::to_string(index) + "].base_url";
}

}  // namespace film::endpoint

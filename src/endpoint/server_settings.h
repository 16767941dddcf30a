#pragma once
// The settings of each server of a service.
#include <string>
#include <vector>

#include "film/endpoint/settings.h"

namespace film::endpoint {

// One per server, in their order: EndpointSettings with that server's own fields in place; `servers` is empty.
std::vector<EndpointSettings> settings_of_servers(const EndpointSettings& settings);

// Requests that all servers together may have in flight.
std::size_t total_in_flight(const EndpointSettings& settings);

// The setting that holds the address of server number `index`: "endpoint.servers[1].base_url".
std::string address_key(const EndpointSettings& settings, std::size_t index);

}  // namespace film::endpoint

#pragma once
// One question to a server about itself.
#include <string>

#include "api_key.h"
#include "film/endpoint/settings.h"
#include "transport.h"

namespace film::endpoint {

// The body of a good reply that comes within a few seconds; empty otherwise.
std::string quick_get(Transport& transport, const std::string& url, const EndpointSettings& server,
                      const ApiKey& key);

}  // namespace film::endpoint

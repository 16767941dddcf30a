#pragma once
// One question to a server about itself.
#include <optional>
#include <string>

#include "api_key.h"
#include "film/endpoint/settings.h"
#include "transport.h"

namespace film::endpoint {

// The body of a good reply, and an empty one where the server has nothing there. Nothing where no reply comes within a few
// seconds, or one that says to come again.
std::optional<std::string> quick_get(Transport& transport, const std::string& url,
                                     const EndpointSettings& server, const ApiKey& key);

}  // namespace film::endpoint

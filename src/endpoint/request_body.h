#pragma once
// The JSON body of a chat request.
#include <string>

#include "film/endpoint/chat.h"
#include "film/endpoint/settings.h"

namespace film::endpoint {

// Longest answer in tokens: the request's own limit, else that of the settings; 0 = the server's.
int max_tokens(const EndpointSettings& settings, const ChatRequest& request);

// The same bytes for the same request.
std::string request_body(const EndpointSettings& settings, const ChatRequest& request);

}  // namespace film::endpoint

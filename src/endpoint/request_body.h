#pragma once
// The JSON body of a chat request.
#include <string>

#include "film/endpoint/chat.h"
#include "film/endpoint/settings.h"

namespace film::endpoint {

// Longest answer in tokens: the request's own limit, else that of the settings; 0 = the server's.
int max_tokens(const EndpointSettings& settings, const ChatRequest& request);

// The same bytes for the same request: the journal's keys are made from them.
std::string request_body(const EndpointSettings& settings, const ChatRequest& request);

// What is sent: "stream": false besides, since some gateways stream unless they are told not to. endpoint.extra_body may
// say otherwise; a streamed reply is read as well.
std::string with_stream_field(std::string body, const EndpointSettings& settings);

}  // namespace film::endpoint

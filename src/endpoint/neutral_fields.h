#pragma once
// Penalties on repeated tokens that a server applies where a request does not name them: llama-cpp-python's server 1.1, vLLM
// and SGLang what the model's generation_config.json says. Greedy answers are then not the likeliest tokens.
#include <optional>
#include <string>

#include "api_key.h"
#include "film/endpoint/settings.h"
#include "transport.h"

namespace film::endpoint {

// Fields of a request that switch them off, {"repeat_penalty": 1}: of those that the server's description of its routes
// (/openapi.json, as servers made with FastAPI publish it) has with another default than 1, or none. Empty where the server says
// that it has no description; nothing where it says nothing, though it was asked several times.
std::optional<Json> neutral_fields(Transport& transport, const EndpointSettings& server, const ApiKey& key);

// What such a description says of a route.
Json neutral_in(const std::string& description, Route route);

}  // namespace film::endpoint

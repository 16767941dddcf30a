#pragma once
// Given texts rated by a server: one request for every choice, whose prompt comes back with its log-probabilities.
#include <optional>
#include <span>
#include <vector>

#include "film/answers/answerer.h"
#include "film/endpoint/client.h"

namespace film::answers {

// One answer per request, each with choices. Prompts that the server did not rate are prompt_cut or failed, with what was
// wrong; what it refused is refused. Throws config_error for the route chat and for servers that have no log-probabilities
// of prompts, or return the same for every text (then all choices tie, and the first would win); what EndpointClient::run
// throws.
std::vector<Answer> rated_by_server(std::span<const Request> requests,
                                    const endpoint::EndpointSettings& settings,
                                    endpoint::EndpointClient& client,
                                    const std::optional<text::Tokenizer>& tokenizer);

}  // namespace film::answers

#pragma once
// A chat model behind an endpoint, so that scoring can ask a server with the client that `film qa` uses.
#include <memory>
#include <optional>

#include "film/endpoint/settings.h"
#include "film/engine/language_model.h"

namespace film::engine {

// Each question is one request: the context, a blank line, the question. An answer that was cut off counts as
// far as it goes; one that the server refused or filtered is empty and said in the log. Throws as
// EndpointClient::run does, and unavailable when a question got no answer. With a journal, what was answered
// once is not asked again.
std::unique_ptr<ChatModel> make_chat_endpoint(const endpoint::EndpointSettings& settings,
                                              const std::optional<fs::path>& journal = {});

}  // namespace film::engine

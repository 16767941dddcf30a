#pragma once
// How long a prompt and its answer may be together: asked of the server, in the ways of those that say it.
#include <cstdint>
#include <optional>
#include <string>

#include "api_key.h"
#include "film/endpoint/settings.h"
#include "transport.h"

namespace film::endpoint {

// vLLM, SGLang and gateways: /v1/models; llama.cpp: /props; LM Studio: /api/v0/models; TGI: /info. Nothing where no reply
// says it within a few seconds. Never the length that a model was trained with: servers load less.
std::optional<std::int64_t> context_limit(Transport& transport, const EndpointSettings& server,
                                          const ApiKey& key);

// What a reply of one of these addresses says; `model`: whose, where the reply lists several.
std::optional<std::int64_t> limit_in(const std::string& path, const std::string& body,
                                     const std::string& model);

}  // namespace film::endpoint

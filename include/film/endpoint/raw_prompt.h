#pragma once
// Messages as one raw prompt, for the route completions.
#include <string>
#include <vector>

#include "film/endpoint/chat.h"
#include "film/endpoint/settings.h"

namespace film::endpoint {

// The template of a model family around the messages, up to where its answer begins; the begin token is left to the
// server. none: the texts, a blank line between them. Throws config_error for film, which needs context and question apart.
std::string raw_prompt(RawTemplate form, const std::vector<ChatMessage>& messages);

}  // namespace film::endpoint

#pragma once
// A question as it is sent to an endpoint.
#include <optional>
#include <string>

#include "film/answers/answerer.h"
#include "film/endpoint/chat.h"
#include "film/endpoint/settings.h"

namespace film::answers {

// `prompt` and behind it what the answer begins with, parted by white space.
std::string with_start(std::string prompt, const std::string& answer_start);

// Text of a context; of one that is given as ids alone, decoded. Throws internal_error without the tokenizer for it.
std::string text_of(const Context& context, const std::optional<text::Tokenizer>& tokenizer);

// Form::messages: the question as messages. Throws bad_data for one that is none.
std::vector<endpoint::ChatMessage> messages_of(const std::string& question);

// The request for a question about `context` (empty: about none), without id and limits: one message, or one raw prompt. Throws
// config_error for a text that begins with a chat template where another would be put around it.
endpoint::ChatRequest request_for(const std::string& context, const std::string& question, Form form,
                                  const endpoint::EndpointSettings& settings,
                                  const std::string& answer_start = {});

}  // namespace film::answers

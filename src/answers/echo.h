#pragma once
// The log-probabilities of a given text in the reply of a server that echoes its prompt (completions, echo and logprobs).
#include <optional>
#include <string>
#include <string_view>

#include "film/endpoint/chat.h"

namespace film::answers {

struct EchoedText {
  // Of the tokens that hold something behind the first `begin` bytes of the text; what the model wrote behind it does not
  // count. Natural logarithm.
  std::optional<double> sum;
  bool no_echo = false;  // the server has no log-probabilities of prompts at all
  std::string problem;   // why there is no sum
};

// Trusts nothing: the echoed text must be the one that was sent, tokens must make it up to its end, and every token asked
// about must have a finite log-probability of at most 0. A token across `begin` counts as behind it.
EchoedText echoed(const endpoint::ChatResult& result, std::string_view text, std::size_t begin);

}  // namespace film::answers

#pragma once
// Answers of a server behind an endpoint, asked by the client that `film qa` uses.
#include "film/answers/answerer.h"
#include "film/endpoint/client.h"

namespace film::answers {

// Each question is one request. On the route chat it is one user message: the context, a blank line, the question. On the
// route completions it is a raw prompt in the template of the settings, or as it is (Form::text). With a journal, what was
// answered once is not asked again. Before the first question the server says how long a prompt may be, whether a raw prompt
// stays raw, and, where contexts are long, how it counts tokens.
class EndpointAnswerer : public Answerer {
 public:
  // tokenizer: decodes contexts that are given as ids alone, and counts tokens.
  explicit EndpointAnswerer(const endpoint::EndpointSettings& settings,
                            const std::optional<fs::path>& journal = {},
                            std::optional<text::Tokenizer> tokenizer = {});
  ~EndpointAnswerer() override;
  // Throws as EndpointClient::run does; config_error for requests with choices that the server cannot rate (on the route
  // completions a server may echo a prompt with its log-probabilities; all of a call have choices, or none), for a prompt that begins with a chat template and would get a second one, and for a server that puts
  // its own template around raw prompts.
  std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) override;
  std::string describe() const override;

 private:
  class Conversation;
  std::unique_ptr<Conversation> conversation_;
};

}  // namespace film::answers

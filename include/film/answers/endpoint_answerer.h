#pragma once
// Answers of a server behind an endpoint, asked by the client that `film qa` uses.
#include "film/answers/answerer.h"
#include "film/endpoint/client.h"

namespace film::answers {

// Each question is one chat request of one user message: the context, a blank line, the question. With a journal,
// what was answered once is not asked again.
class EndpointAnswerer : public Answerer {
 public:
  // tokenizer: decodes contexts that are given as ids alone.
  explicit EndpointAnswerer(const endpoint::EndpointSettings& settings,
                            const std::optional<fs::path>& journal = {},
                            std::optional<text::Tokenizer> tokenizer = {});
  // Throws as EndpointClient::run does; config_error for requests with choices: chat endpoints do not give the
  // probability of a given text.
  std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) override;
  std::string describe() const override { return client_.describe(); }

 private:
  std::string message_of(const Request& request) const;
  std::int64_t tokens_of(const Request& request) const;
  void note_cut_prompt(Answer& answer, const endpoint::ChatResult& result, const Request& request) const;

  endpoint::EndpointClient client_;
  std::optional<text::Tokenizer> tokenizer_;
};

}  // namespace film::answers

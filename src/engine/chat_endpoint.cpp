#include "film/engine/chat_endpoint.h"

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/endpoint/client.h"

namespace film::engine {
namespace {

constexpr const char* kPromptVersion = "chat 1";  // of the form below

class ChatEndpoint : public ChatModel {
 public:
  ChatEndpoint(const endpoint::EndpointSettings& settings, const std::optional<fs::path>& journal)
      : client_(settings, journal) {}

  std::vector<std::string> answer(const Request& request) override {
    std::vector<std::string> answers(request.questions.size());
    std::size_t next = 0, refused = 0;
    std::string failure;  // thrown at the end only: the other answers are paid for, and run() may know better
    const endpoint::ChatSource source = [&]() -> std::optional<endpoint::ChatRequest> {
      if (next == request.questions.size()) return {};
      const std::size_t i = next++;
      const std::string lead = request.context.empty() ? "" : request.context + "\n\n";
      return endpoint::ChatRequest{std::to_string(i),
                                   {{endpoint::Role::user, lead + request.questions[i]}},
                                   request.max_new_tokens,
                                   kPromptVersion,
                                   {}};
    };
    client_.run(
        source,
        [&](endpoint::ChatResult result) {
          if (result.outcome == endpoint::ChatOutcome::failed)
            failure = result.detail + " (" + name_of(result.reason) + ")";
          if (result.outcome == endpoint::ChatOutcome::rejected && result.reason != endpoint::Reason::length)
            ++refused;
          answers[std::stoul(result.id)] = std::move(result.text);
        },
        {});
    if (!failure.empty())
      throw unavailable("a question got no answer: " + failure, "rerun the same command");
    if (refused > 0)
      warn(client_.describe() + " refused " + std::to_string(refused) + " of " +
           std::to_string(answers.size()) + " questions; they count as empty answers");
    return answers;
  }

  std::string describe() const override { return client_.describe(); }

 private:
  endpoint::EndpointClient client_;
};

}  // namespace

std::unique_ptr<ChatModel> make_chat_endpoint(const endpoint::EndpointSettings& settings,
                                              const std::optional<fs::path>& journal) {
  return std::make_unique<ChatEndpoint>(settings, journal);
}

}  // namespace film::engine

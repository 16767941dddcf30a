#include "endpoint_rating.h"

#include <algorithm>

#include "echo.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/endpoint/raw_prompt.h"
#include "request_text.h"

namespace film::answers {

using endpoint::ChatOutcome;
using endpoint::ChatRequest;
using endpoint::ChatResult;

namespace {

constexpr const char* kRatingVersion = "rated 1";
constexpr const char* kWhoCan =
    "vLLM and SGLang return them on the route completions; llama.cpp, Ollama and chat routes do not: ask "
    "those by "
    "generation, or use a model that runs here";

Error cannot_rate(const endpoint::EndpointClient& client, const std::string& why) {
  return config_error(client.describe() + " cannot rate given answers: " + why, kWhoCan);
}

// A choice behind its prompt. White space at the prompt's end is rated with the choice.
struct Rated {
  std::size_t request;
  std::string text;
  std::size_t begin;
};

class Rating {
 public:
  Rating(std::span<const Request> requests, const endpoint::EndpointSettings& settings,
         endpoint::EndpointClient& client, const std::optional<text::Tokenizer>& tokenizer)
      : requests_(requests),
        settings_(settings),
        client_(client),
        tokenizer_(tokenizer),
        answers_(requests.size()) {
    for (std::size_t i = 0; i < requests.size(); ++i) add(i);
  }

  std::vector<Answer> operator()() {
    std::size_t next = 0;
    const auto source = [&]() -> std::optional<ChatRequest> {
      if (next == rated_.size() || !no_echo_.empty()) return {};
      return request_of(next++);
    };
    client_.run(source, [&](const ChatResult& result) { take(result); }, {});
    if (!no_echo_.empty()) throw cannot_rate(client_, no_echo_);
    refuse_ties();
    return std::move(answers_);
  }

 private:
  void add(std::size_t i) {
    const Request& request = requests_[i];
    const std::string context = request.context ? text_of(*request.context, tokenizer_) : "";
    const ChatRequest asked = request_for(context, request.question, request.form, settings_);
    const std::string prompt =
        asked.raw ? *asked.raw : endpoint::raw_prompt(settings_.raw_template, asked.messages);
    const std::string_view kept = trim(prompt);
    const std::size_t begin =
        kept.empty() ? 0 : static_cast<std::size_t>(kept.data() + kept.size() - prompt.data());
    for (const std::string& choice : request.choices) rated_.push_back({i, prompt + choice, begin});
    answers_[i].log_likelihoods.resize(request.choices.size());
    first_.push_back(rated_.size() - request.choices.size());
  }

  // One new token is the least that every server takes; it is not looked at.
  ChatRequest request_of(std::size_t number) const {
    ChatRequest request;
    request.id = std::to_string(number);
    request.raw = rated_[number].text;
    request.max_tokens = 1;
    request.cut_on_purpose = true;
    request.prompt_version = kRatingVersion;
    request.extra = {{"echo", true}, {"logprobs", 1}};
    return request;
  }

  void take(const ChatResult& result) {
    const std::size_t number = std::stoul(result.id);
    const Rated& rated = rated_[number];
    Answer& answer = answers_[rated.request];
    const bool replied = !result.text.empty() || !result.logprobs.is_null();
    if (!replied) {
      answer.state = result.outcome == ChatOutcome::failed ? AnswerState::failed : AnswerState::refused;
      answer.detail = name_of(result.reason) + (result.detail.empty() ? "" : ": " + result.detail);
      return;
    }
    const EchoedText echo = echoed(result, rated.text, rated.begin);
    if (echo.no_echo) no_echo_ = echo.problem;
    if (echo.sum) {
      answer.log_likelihoods[number - first_[rated.request]] = *echo.sum;
      return;
    }
    answer.state = AnswerState::prompt_cut;
    answer.detail = echo.problem;
  }

  // A server that makes numbers up gives the same for every text.
  void refuse_ties() const {
    std::size_t several = 0, tied = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const std::vector<double>& sums = answers_[i].log_likelihoods;
      const std::vector<std::string>& choices = requests_[i].choices;
      const bool differ = std::ranges::adjacent_find(choices, std::ranges::not_equal_to{}) != choices.end();
      if (answers_[i].state != AnswerState::given || !differ) continue;
      ++several;
      tied += std::ranges::adjacent_find(sums, std::ranges::not_equal_to{}) == sums.end();
    }
    if (several > 0 && tied == several)
      throw cannot_rate(client_, "it returns the same log-probability for different texts");
  }

  std::span<const Request> requests_;
  const endpoint::EndpointSettings& settings_;
  endpoint::EndpointClient& client_;
  const std::optional<text::Tokenizer>& tokenizer_;
  std::vector<Rated> rated_;
  std::vector<std::size_t> first_;  // of each request, its first choice in rated_
  std::vector<Answer> answers_;
  std::string no_echo_;  // why the server cannot rate at all: nothing more is sent
};

}  // namespace

std::vector<Answer> rated_by_server(std::span<const Request> requests,
                                    const endpoint::EndpointSettings& settings,
                                    endpoint::EndpointClient& client,
                                    const std::optional<text::Tokenizer>& tokenizer) {
  if (settings.route != endpoint::Route::completions)
    throw config_error(
        client.describe() + " cannot rate given answers on the route chat",
        "chat replies hold no log-probabilities of a given text: --set endpoint.route=completions where "
        "the server has them, or use a model that runs here");
  return Rating(requests, settings, client, tokenizer)();
}

}  // namespace film::answers

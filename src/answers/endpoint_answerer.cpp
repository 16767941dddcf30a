#include "film/answers/endpoint_answerer.h"

#include <fmt/format.h>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/strings.h"

namespace film::answers {

using endpoint::ChatOutcome;
using endpoint::ChatRequest;
using endpoint::ChatResult;
using endpoint::Reason;

namespace {

constexpr const char* kPromptVersion = "chat 1";  // of the form of the message: part of the journal's key

Status status_of(const ChatResult& result, const std::string& text) {
  if (result.outcome == ChatOutcome::rejected && result.reason == Reason::length) return Status::cut;
  if (result.outcome == ChatOutcome::rejected && result.reason != Reason::empty) return Status::refused;
  return text.empty() ? Status::empty : Status::complete;
}

Answer made(const ChatResult& result) {
  Answer answer{.text = std::string(trim(result.text))};
  answer.status = status_of(result, answer.text);
  if (answer.status != Status::complete)
    answer.detail = name_of(result.reason) + (result.detail.empty() ? "" : ": " + result.detail);
  return answer;
}

// What the request asks for besides the endpoint's settings. Nothing by default: the journal knows requests
// by their whole body.
Json extra_fields(const Decoding& decoding) {
  Json extra = Json::object();
  if (!decoding.stop.empty()) extra["stop"] = decoding.stop;
  if (decoding.sampling) {
    decoding.sampling->check();
    extra["temperature"] = decoding.sampling->temperature;
    extra["top_p"] = decoding.sampling->top_p;
    extra["seed"] = decoding.sampling->seed;
  }
  return extra;
}

}  // namespace

EndpointAnswerer::EndpointAnswerer(const endpoint::EndpointSettings& settings,
                                   const std::optional<fs::path>& journal,
                                   std::optional<text::Tokenizer> tokenizer)
    : client_(settings, journal), tokenizer_(std::move(tokenizer)) {}

std::vector<Answer> EndpointAnswerer::answer(std::span<const Request> requests, const Decoding& decoding) {
  for (const Request& request : requests)
    if (!request.choices.empty())
      throw config_error(
          client_.describe() + " cannot rate given answers",
          "chat endpoints do not return the probability of a given text: use a model that runs here");
  std::vector<Answer> answers(requests.size());
  const Json extra = extra_fields(decoding);
  std::size_t next = 0, refused = 0;
  std::string failure;  // thrown at the end only: the other answers are paid for, and run() may know better
  const auto source = [&]() -> std::optional<ChatRequest> {
    if (next == requests.size()) return {};
    const std::size_t i = next++;
    return ChatRequest{std::to_string(i),
                       {{endpoint::Role::user, message_of(requests[i])}},
                       decoding.max_new_tokens,
                       kPromptVersion,
                       extra};
  };
  const auto sink = [&](const ChatResult& result) {
    if (result.outcome == ChatOutcome::failed) failure = result.detail + " (" + name_of(result.reason) + ")";
    Answer answer = made(result);
    if (answer.status == Status::refused) ++refused;
    answers[std::stoul(result.id)] = std::move(answer);
  };
  client_.run(source, sink, {});
  if (!failure.empty()) throw unavailable("a question got no answer: " + failure, "rerun the same command");
  if (refused > 0) warn(fmt::format("{} refused {} of {} questions", describe(), refused, answers.size()));
  return answers;
}

// The context, a blank line, the question.
std::string EndpointAnswerer::message_of(const Request& request) const {
  if (request.context == nullptr) return request.question;
  if (!request.context->text.empty()) return request.context->text + "\n\n" + request.question;
  if (request.context->ids.empty()) return request.question;
  if (!tokenizer_)
    throw internal_error("a context of token ids for an endpoint, without the tokenizer that decodes it");
  return tokenizer_->decode(request.context->ids) + "\n\n" + request.question;
}

}  // namespace film::answers

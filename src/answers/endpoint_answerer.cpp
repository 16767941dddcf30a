#include "film/answers/endpoint_answerer.h"

#include <fmt/format.h>

#include "film/base/error.h"
#include "film/base/strings.h"
#include "film/base/thinking.h"

namespace film::answers {

using endpoint::ChatOutcome;
using endpoint::ChatRequest;
using endpoint::ChatResult;
using endpoint::Reason;

namespace {

constexpr const char* kPromptVersion = "chat 1";  // of the form of the message: part of the journal's key

// A prompt of so many tokens is long enough to compare the server's count of it with ours. Vocabularies differ: one may need
// half of another's tokens, but none packs eight bytes into each.
constexpr std::int64_t kComparable = 256, kLeastShare = 2, kMostBytes = 8;

AnswerState state_of(const ChatResult& result, bool blank) {
  if (result.outcome == ChatOutcome::failed) return AnswerState::failed;
  if (result.reason == Reason::thinking) return AnswerState::thinking;
  if (result.reason == Reason::length) return blank ? AnswerState::empty : AnswerState::cut;
  if (result.outcome == ChatOutcome::rejected && result.reason != Reason::empty) return AnswerState::refused;
  return blank ? AnswerState::empty : AnswerState::given;
}

Answer made(const ChatResult& result) {
  Answer answer{.text = std::string(trim(split_thinking(result.text).answer))};
  answer.state = state_of(result, answer.text.empty());
  if (answer.state != AnswerState::given)
    answer.detail = name_of(result.reason) + (result.detail.empty() ? "" : ": " + result.detail);
  return answer;
}

// Whether the server has read less than it was sent, and so answers another question. `sent`: tokens as we count them.
bool is_cut(const ChatResult& result, std::int64_t sent) {
  return result.usage.reported && result.usage.prompt > 0 && sent >= kComparable &&
         kLeastShare * result.usage.prompt < sent;
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
  std::size_t next = 0;
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
    const std::size_t i = std::stoul(result.id);
    answers[i] = made(result);
    note_cut_prompt(answers[i], result, requests[i]);
  };
  client_.run(source, sink, {});
  return answers;
}

void EndpointAnswerer::note_cut_prompt(Answer& answer, const ChatResult& result,
                                       const Request& request) const {
  if (answer.state != AnswerState::given && answer.state != AnswerState::cut) return;
  const std::int64_t sent = tokens_of(request);
  if (!is_cut(result, sent)) return;
  if (kMostBytes * result.usage.prompt >= static_cast<std::int64_t>(message_of(request).size())) return;
  answer.state = AnswerState::prompt_cut;
  answer.detail = fmt::format("the server read {} of about {} tokens", result.usage.prompt, sent);
}

// Of the context as we count them, 0 where it is not known.
std::int64_t EndpointAnswerer::tokens_of(const Request& request) const {
  if (request.context == nullptr) return 0;
  if (!request.context->ids.empty()) return static_cast<std::int64_t>(request.context->ids.size());
  return tokenizer_ ? static_cast<std::int64_t>(tokenizer_->encode(request.context->text).size()) : 0;
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

#include "film/answers/endpoint_answerer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "endpoint_rating.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/strings.h"
#include "film/base/thinking.h"
#include "prefix_order.h"
#include "request_text.h"
#include "server_tokens.h"

namespace film::answers {

using endpoint::ChatOutcome;
using endpoint::ChatRequest;
using endpoint::ChatResult;
using endpoint::Reason;
using endpoint::Usage;

namespace {

constexpr const char* kPromptVersion = "chat 1";  // of the form of the message: part of the journal's key
constexpr std::size_t kLongContext = 1024;        // tokens; of a shorter one nothing is cut
constexpr std::size_t kSlices = 8, kShortSlice = 32,
                      kLongSlice = 96;  // of a context, to see how tokens are counted
constexpr std::int64_t kMostAround =
    3;  // tokens around a raw prompt: the begin token, and a word cut otherwise
constexpr int kProbeLines = 40;

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

// A text of lines that every tokenizer cuts alike.
std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "A line of plain words.\n";
  return text;
}

}  // namespace

class EndpointAnswerer::Conversation {
 public:
  Conversation(const endpoint::EndpointSettings& settings, const std::optional<fs::path>& journal,
               std::optional<text::Tokenizer> tokenizer)
      : settings_(settings), client_(settings, journal), tokenizer_(std::move(tokenizer)) {}

  // With what the server was told besides, as far as it is known.
  std::string describe() const {
    if (unknown_) return client_.describe() + " (its own penalties on repeated tokens are not known)";
    std::string sent;
    const Json fields = client_.noted_fields().value_or(Json::object());
    for (const auto& [key, value] : fields.items())
      if (!settings_.extra_body.contains(key))
        sent += (sent.empty() ? "" : ", ") + key + " " + to_line(value);
    return client_.describe() + (sent.empty() ? "" : " (sent: " + sent + ")");
  }

  std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) {
    counts_.clear();
    const auto rates = [](const Request& request) { return !request.choices.empty(); };
    const auto rated = std::ranges::count_if(requests, rates);
    if (rated > 0 && rated < std::ssize(requests))
      throw internal_error("requests with and without choices in one call");
    if (rated == 0 && !prepared_) learn_neutral();
    if (rated == 0 || settings_.route == endpoint::Route::completions) prepare(requests, decoding);
    if (rated > 0) return rated_by_server(requests, settings_, client_, tokenizer_);
    std::vector<Answer> answers(requests.size());
    std::vector<std::size_t> bytes(requests.size());  // that were sent
    PrefixOrder order(requests);
    const auto source = [&]() -> std::optional<ChatRequest> {
      while (const auto i = order.next()) {
        ChatRequest asked = chat_request(requests[*i], decoding);
        bytes[*i] = bytes_of(asked);
        if (!note_over(answers[*i], requests[*i], asked)) {
          asked.id = std::to_string(*i);
          return asked;
        }
        order.done(*i);
      }
      return {};
    };
    const auto sink = [&](const ChatResult& result) {
      const std::size_t i = std::stoul(result.id);
      answers[i] = made(result);
      note_cut_prompt(answers[i], result, requests[i], bytes[i]);
      order.done(i);
    };
    client_.run(source, sink, {});
    return answers;
  }

 private:
  ChatRequest chat_request(const Request& request, const Decoding& decoding) const {
    const std::string context = request.context ? text_of(*request.context, tokenizer_) : "";
    return limited(request_for(context, request.question, request.form, settings_, request.answer_start),
                   decoding);
  }

  ChatRequest limited(ChatRequest request, const Decoding& decoding) const {
    request.max_tokens = decoding.max_new_tokens;
    request.prompt_version = kPromptVersion;
    request.extra = neutral_;
    request.extra.update(extra_fields(decoding));
    return request;
  }

  // Greedy answers are the likeliest tokens only where the server's own penalties are off.
  void learn_neutral() {
    const auto fields = client_.neutral_fields();
    unknown_ = !fields;
    if (unknown_)
      warn(client_.describe() +
           " gave no reply about its settings: whether it penalises repeated tokens is not known");
    neutral_ = fields.value_or(Json::object());
  }

  // What must be known of the server before a question is sent.
  void prepare(std::span<const Request> requests, const Decoding& decoding) {
    if (!prepared_) {
      prepared_ = true;
      limit_ = client_.context_limit();
      if (settings_.route == endpoint::Route::completions) require_raw(decoding);
    }
    if (tokens_.known() || measured_ || !tokenizer_) return;
    for (const Request& request : requests)
      if (tokens_of(request) >= static_cast<std::int64_t>(kLongContext)) return measure(request, decoding);
  }

  // Throws config_error where the server puts a template around what is sent as a whole prompt.
  void require_raw(const Decoding& decoding) {
    const auto asked = [&](int count) {
      ChatRequest request;
      request.raw = lines(count);
      return limited(std::move(request), decoding);
    };
    const auto [once, twice] = counts_of(asked(kProbeLines), asked(2 * kProbeLines));
    const auto around = added_around(once, twice);
    if (!around)
      return warn(client_.describe() +
                  " does not count tokens: whether it leaves raw prompts raw is not known");
    if (*around > kMostAround)
      throw config_error(
          fmt::format("{} puts {} tokens of its own around a raw prompt: it would have two templates",
                      client_.describe(), *around),
          "--set endpoint.route=chat leaves the template to the server");
  }

  // Two short prompts of slices from all over a context.
  void measure(const Request& request, const Decoding& decoding) {
    measured_ = true;
    const text::TokenIds ids =
        request.context->ids.empty() ? tokenizer_->encode(request.context->text) : request.context->ids;
    const std::string small = slices(ids, kShortSlice), large = slices(ids, kLongSlice);
    const auto asked = [&](const std::string& context) {
      return limited(request_for(context, request.question, request.form, settings_), decoding);
    };
    const auto [of_small, of_large] = counts_of(asked(small), asked(large));
    tokens_ = ServerTokens(count(small), of_small, count(large), of_large);
  }

  std::string slices(const text::TokenIds& ids, std::size_t length) const {
    std::string text;
    for (std::size_t k = 0; k < kSlices; ++k) {
      const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(k * ids.size() / kSlices);
      text += tokenizer_->decode(text::TokenIds(begin, begin + static_cast<std::ptrdiff_t>(length)));
    }
    return text;
  }

  std::int64_t count(const std::string& text) const {
    return static_cast<std::int64_t>(tokenizer_->encode(text).size());
  }

  // What the server counts for two prompts.
  std::pair<Usage, Usage> counts_of(ChatRequest first, ChatRequest second) {
    std::vector<ChatRequest> asked = {std::move(first), std::move(second)};
    std::vector<Usage> usages(asked.size());
    std::size_t next = 0;
    const auto source = [&]() -> std::optional<ChatRequest> {
      if (next == asked.size()) return {};
      asked[next].id = std::to_string(next);
      return asked[next++];
    };
    client_.run(source, [&](const ChatResult& result) { usages[std::stoul(result.id)] = result.usage; }, {});
    return {usages[0], usages[1]};
  }

  // A prompt that cannot fit is not sent.
  bool note_over(Answer& answer, const Request& request, const ChatRequest& asked) {
    const std::int64_t context = limit_ ? tokens_of(request) : 0;
    const int most = asked.max_tokens + settings_.reasoning_tokens;
    if (!limit_ || !tokens_.is_over(*limit_, context, bytes_of(asked), most)) return false;
    answer.state = AnswerState::refused;
    answer.detail = fmt::format(
        "{}: not sent; a prompt of about {:.0f} tokens and an answer of {} do not fit the server's {}",
        name_of(Reason::too_long),
        tokens_.known() ? tokens_.expected(context) : static_cast<double>(bytes_of(asked)) / 4, most,
        *limit_);
    return true;
  }

  void note_cut_prompt(Answer& answer, const ChatResult& result, const Request& request, std::size_t bytes) {
    if (answer.state != AnswerState::given && answer.state != AnswerState::cut) return;
    const std::int64_t sent = tokens_of(request);
    if (!tokens_.is_cut(result.usage, sent, bytes)) return;
    answer.state = AnswerState::prompt_cut;
    answer.detail = fmt::format("the server read {} of about {:.0f} tokens", result.usage.prompt,
                                tokens_.known() ? tokens_.expected(sent) : static_cast<double>(sent));
  }

  static std::size_t bytes_of(const ChatRequest& request) {
    std::size_t bytes = request.raw ? request.raw->size() : 0;
    for (const endpoint::ChatMessage& message : request.messages) bytes += message.text.size();
    return bytes;
  }

  // Of the context as we count them, 0 where it is not known. A context is counted once in a call.
  std::int64_t tokens_of(const Request& request) {
    if (request.context == nullptr) return 0;
    const auto [place, is_new] = counts_.try_emplace(request.context, 0);
    if (!is_new) return place->second;
    if (!request.context->ids.empty())
      place->second = static_cast<std::int64_t>(request.context->ids.size());
    else if (tokenizer_)
      place->second = count(request.context->text);
    return place->second;
  }

  endpoint::EndpointSettings settings_;
  endpoint::EndpointClient client_;
  std::optional<text::Tokenizer> tokenizer_;
  bool prepared_ = false, measured_ = false;
  std::optional<std::int64_t> limit_;
  Json neutral_ = Json::object();  // penalties switched off
  bool unknown_ = false;           // which there are
  ServerTokens tokens_;
  std::map<std::shared_ptr<const Context>, std::int64_t> counts_;  // of contexts of this call
};

EndpointAnswerer::EndpointAnswerer(const endpoint::EndpointSettings& settings,
                                   const std::optional<fs::path>& journal,
                                   std::optional<text::Tokenizer> tokenizer)
    : conversation_(std::make_unique<Conversation>(settings, journal, std::move(tokenizer))) {}

EndpointAnswerer::~EndpointAnswerer() = default;

std::vector<Answer> EndpointAnswerer::answer(std::span<const Request> requests, const Decoding& decoding) {
  return conversation_->answer(requests, decoding);
}

std::string EndpointAnswerer::describe() const { return conversation_->describe(); }

}  // namespace film::answers

#include "film/answers/local_answerer.h"

#include "film/base/strings.h"
#include "film/base/thinking.h"
#include "rated_prompts.h"
#include "request_text.h"

namespace film::answers {

using engine::Completion;
using engine::Prompt;
using text::TokenIds;

namespace {

// Where the first of the stop strings begins; npos: none is there.
std::size_t stop_of(const std::string& text, const std::vector<std::string>& stop) {
  std::size_t first = std::string::npos;
  for (const std::string& word : stop) first = std::min(first, text.find(word));
  return first;
}

Answer made(const Completion& completion, const std::string& text) {
  const Thinking thinking = split_thinking(text);
  Answer answer{.text = std::string(trim(thinking.answer))};
  if (answer.text.empty() && thinking.characters > 0)
    answer.state = AnswerState::thinking;
  else if (completion.end == Completion::End::length)
    answer.state = AnswerState::cut;
  else if (answer.text.empty())
    answer.state = AnswerState::empty;
  return answer;
}

// A conversation in Mistral's template, which the prompts of FILM are made of: what the assistant said ends with </s>.
TokenIds ids_of_messages(const std::vector<endpoint::ChatMessage>& messages,
                         const text::Tokenizer& tokenizer) {
  TokenIds ids = {tokenizer.bos()};
  std::string said;  // by others than the assistant
  const auto add = [&](const TokenIds& more) { ids.insert(ids.end(), more.begin(), more.end()); };
  const auto add_instruction = [&] {
    if (!said.empty()) add(tokenizer.encode("[INST] " + said + " [/INST]"));
    said.clear();
  };
  for (const endpoint::ChatMessage& message : messages) {
    if (message.role != endpoint::Role::assistant) {
      said += (said.empty() ? "" : "\n\n") + message.text;
      continue;
    }
    add_instruction();
    add(tokenizer.encode(message.text));
    ids.push_back(tokenizer.eos());
  }
  add_instruction();
  return ids;
}

// Requests that are asked in one call: one context, one form, and all or none with choices.
bool together(const Request& a, const Request& b) {
  return a.context == b.context && a.form == b.form && a.choices.empty() == b.choices.empty();
}

}  // namespace

LocalAnswerer::LocalAnswerer(std::unique_ptr<engine::LanguageModel> model, text::Tokenizer tokenizer,
                             text::PromptTemplate form)
    : model_(std::move(model)), tokenizer_(std::move(tokenizer)), form_(std::move(form)) {}

std::vector<Answer> LocalAnswerer::answer(std::span<const Request> requests, const Decoding& decoding) {
  std::vector<Answer> answers;
  for (std::size_t begin = 0, end = 0; begin < requests.size(); begin = end) {
    for (end = begin + 1; end < requests.size() && together(requests[begin], requests[end]);) ++end;
    answer_group(requests.subspan(begin, end - begin), decoding, answers);
  }
  return answers;
}

void LocalAnswerer::answer_group(std::span<const Request> group, const Decoding& decoding,
                                 std::vector<Answer>& answers) {
  if (!group.front().choices.empty())
    return group.front().form == Form::text ? rate_texts(group, answers) : rate(group, answers);
  const TokenIds prefix = prefix_of(group.front());
  std::vector<Prompt> prompts;
  for (const Request& request : group) prompts.push_back({prefix, ids_of(request), request.item});
  generate(prompts, decoding, answers);
}

// What requests of one context share. The template ends with a line break in front of the context, so the
// context is a continuation.
TokenIds LocalAnswerer::prefix_of(const Request& request) const {
  if (request.context == nullptr) return {};
  TokenIds prefix = encode_before_context(form_, tokenizer_);
  const TokenIds& given = request.context->ids;
  const TokenIds ids = given.empty() ? tokenizer_.encode_continuation(request.context->text) : given;
  prefix.insert(prefix.end(), ids.begin(), ids.end());
  return prefix;
}

TokenIds LocalAnswerer::ids_of(const Request& request) const {
  if (request.form == Form::instruction) {
    text::PromptTemplate form = form_;
    form.after_question = with_start(form.after_question, request.answer_start);
    return encode_question(form, tokenizer_, request.question, request.context != nullptr);
  }
  if (request.form == Form::messages) return ids_of_messages(messages_of(request.question), tokenizer_);
  TokenIds ids = tokenizer_.encode(with_start(request.question, request.answer_start));
  if (request.begin || ids.empty()) ids.insert(ids.begin(), tokenizer_.bos());
  return ids;
}

void LocalAnswerer::generate(std::span<const Prompt> prompts, const Decoding& decoding,
                             std::vector<Answer>& answers) {
  engine::Decoding ids{.max_new_tokens = decoding.max_new_tokens, .stop = {tokenizer_.eos()}};
  if (!decoding.stop.empty())
    ids.ends = [&](std::size_t, const TokenIds& made) {
      return stop_of(tokenizer_.decode(made), decoding.stop) != std::string::npos;
    };
  ids.vocabulary = static_cast<std::int64_t>(tokenizer_.vocab_size());
  ids.sampling = decoding.sampling.value_or(engine::Sampling{});
  for (const Completion& completion : model_->generate(prompts, ids)) {
    const std::string text = tokenizer_.decode(completion.ids);
    answers.push_back(made(completion, text.substr(0, stop_of(text, decoding.stop))));
  }
}

// Choices behind the prompt in the model's template, each as it would be written there, without an end token.
void LocalAnswerer::rate(std::span<const Request> group, std::vector<Answer>& answers) {
  const TokenIds prefix = prefix_of(group.front());
  std::vector<Prompt> prompts;
  std::vector<TokenIds> continuations;
  for (const Request& request : group)
    for (const std::string& choice : request.choices) {
      prompts.push_back({prefix, ids_of(request), request.item});
      continuations.push_back(encode_answer(form_, tokenizer_, choice));
      continuations.back().pop_back();
    }
  add_rated(group, model_->log_likelihood(prompts, continuations), answers);
}

// The same of whole prompts: what neighbours have in common is their prefix.
void LocalAnswerer::rate_texts(std::span<const Request> group, std::vector<Answer>& answers) {
  std::vector<RatedPrompt> rated;
  for (const Request& request : group) rated.push_back(rated_prompt(request, tokenizer_));
  const std::vector<std::size_t> shared = shared_ids(rated);
  std::vector<Prompt> prompts;
  std::vector<TokenIds> continuations;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const std::span<const text::TokenId> ids(rated[i].ids);
    const auto rest = ids.subspan(shared[i]);
    for (TokenIds& continuation : rated[i].continuations) {
      prompts.push_back({ids.first(shared[i]), TokenIds(rest.begin(), rest.end()), group[i].item});
      continuations.push_back(std::move(continuation));
    }
  }
  add_rated(group, model_->log_likelihood(prompts, continuations), answers);
}

void LocalAnswerer::add_rated(std::span<const Request> group, const std::vector<double>& all,
                              std::vector<Answer>& answers) {
  auto next = all.begin();
  for (const Request& request : group) {
    const auto count = static_cast<std::ptrdiff_t>(request.choices.size());
    answers.push_back({.log_likelihoods = {next, next + count}});
    next += count;
  }
}

}  // namespace film::answers

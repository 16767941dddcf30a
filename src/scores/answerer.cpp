#include "film/scores/answerer.h"

#include "film/base/error.h"

namespace film::scores {
namespace {

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n\v\f";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

std::vector<std::string> checked(std::vector<std::string> answers, std::size_t asked) {
  if (answers.size() != asked)
    throw internal_error("asked " + std::to_string(asked) + " questions, got " +
                         std::to_string(answers.size()) + " answers");
  for (std::string& answer : answers) answer = trimmed(answer);
  return answers;
}

}  // namespace

LocalAnswerer::LocalAnswerer(engine::LanguageModel& model, const text::Tokenizer& tokenizer,
                             const text::PromptTemplate& form)
    : model_(model), tokenizer_(tokenizer), form_(form) {}

std::vector<std::string> LocalAnswerer::answer(const ProbeContext& context, std::span<const ProbeItem> items,
                                               int max_new_tokens) {
  engine::GenerationRequest request;
  request.prefix = text::encode_before_context(form_, tokenizer_);
  // The template ends with a line break in front of the context, so the context is a continuation.
  const text::TokenIds ids =
      context.ids.empty() ? tokenizer_.encode_continuation(context.text()) : context.ids;
  request.prefix.insert(request.prefix.end(), ids.begin(), ids.end());
  for (const ProbeItem& item : items)
    request.suffixes.push_back(text::encode_question(form_, tokenizer_, item.question));
  request.max_new_tokens = max_new_tokens;
  request.stop = tokenizer_.eos();
  std::vector<std::string> answers;
  for (const text::TokenIds& output : model_.generate(request)) answers.push_back(tokenizer_.decode(output));
  return checked(std::move(answers), items.size());
}

std::vector<std::string> ChatAnswerer::answer(const ProbeContext& context, std::span<const ProbeItem> items,
                                              int max_new_tokens) {
  engine::ChatModel::Request request;
  request.context = context.text();
  if (context.pieces.empty() && !context.ids.empty()) {
    if (tokenizer_ == nullptr)
      throw internal_error("a context of token ids for a chat model without a tokenizer");
    request.context = tokenizer_->decode(context.ids);
  }
  for (const ProbeItem& item : items) request.questions.push_back(item.question);
  request.max_new_tokens = max_new_tokens;
  return checked(model_.answer(request), items.size());
}

}  // namespace film::scores

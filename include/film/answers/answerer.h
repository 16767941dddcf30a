#pragma once
// One way to ask a model, text in and text out: a model that runs here (local_answerer.h) or a server behind an
// endpoint (endpoint_answerer.h). Tests answer by a function.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/engine/language_model.h"
#include "film/records/scores.h"
#include "film/text/tokenizer.h"

namespace film::answers {

// What questions are about. At least one of the two is given; the other is made from it where it is needed.
struct Context {
  std::string text = {};
  text::TokenIds ids = {};  // the same text encoded as a continuation of a line break (text::Tokenizer)
};

// How the prompt is made from a request.
enum class Form {
  instruction,  // the answerer's prompt template around context and question
  text,         // `question` is the whole prompt, nothing around it; there is no context
  messages  // `question` is a conversation: a JSON list of {"role", "content"}, the user's last; there is no context
};
constexpr auto enum_names(Form) {
  return std::array{EnumName{Form::instruction, "instruction"}, EnumName{Form::text, "text"},
                    EnumName{Form::messages, "messages"}};
}

// One question. Neighbours that share a Context (the same pointer) are asked together: a model that runs here
// reads the context once for all of them.
struct Request {
  std::shared_ptr<const Context> context = {};  // null: none
  std::string question = {};
  Form form = Form::instruction;
  std::uint64_t item = 0;  // number of the request: with the seed it keys the random numbers of sampling
  // Not empty: nothing is written, each of these continuations is rated by its log-likelihood.
  std::vector<std::string> choices = {};
  bool begin = true;  // Form::text: <s> stands in front, for a model that runs here
  // What the answer begins with, without white space at its ends: it stands behind the prompt and its template, and the
  // model goes on from there. In a chat it ends the user's message.
  std::string answer_start = {};
};

// How answers are written and where they end.
struct Decoding {
  int max_new_tokens = 64;
  std::vector<std::string> stop = {};  // an answer ends before the first of these strings
  // None: greedy for a model that runs here; as the endpoint's settings say for a server.
  std::optional<engine::Sampling> sampling = {};
};

struct Answer {
  std::string text = {};  // without thinking in front and white space at its ends
  AnswerState state = AnswerState::given;
  std::string detail = {};  // of what is not given: the server's words; may be empty
  std::vector<double> log_likelihoods =
      {};  // of Request::choices, natural logarithm, summed over their tokens
};

class Answerer {
 public:
  virtual ~Answerer() = default;
  // One answer per request, in their order. Throws config_error for a prompt that does not fit the model, and for
  // choices where the model cannot rate them; what EndpointClient::run throws.
  virtual std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) = 0;
  virtual std::string describe() const = 0;  // the model, for people
};

}  // namespace film::answers

#pragma once
// The torch-free face of a model that runs here: ids in, ids or log-probabilities out.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/text/tokenizer.h"

namespace film::engine {

// Many questions on one shared context: the prefix is read once (KV cache), the suffixes are decoded
// together.
struct GenerationRequest {
  text::TokenIds prefix;                 // shared by all suffixes; may be empty
  std::vector<text::TokenIds> suffixes;  // each not empty
  int max_new_tokens = 64;
  text::TokenId stop = 2;  // generation of a suffix ends after this id (which is not returned)
};

class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  // One list of new ids per suffix, greedy. Throws config_error when prefix + suffix + new tokens exceed
  // max_tokens().
  virtual std::vector<text::TokenIds> generate(const GenerationRequest& request) = 0;
  // log p(continuation | prefix, suffix) summed over its tokens, one per suffix (continuations[i] not empty).
  virtual std::vector<double> score(const GenerationRequest& request,
                                    const std::vector<text::TokenIds>& continuations) = 0;
  virtual std::int64_t max_tokens() const = 0;
  virtual std::string describe() const = 0;  // "Mistral, 2 layers, width 64, 2.15 M parameters, fp32 on CPU"
};

// Text -> text: a local model behind a tokenizer, or an endpoint. One call, many prompts.
class ChatModel {
 public:
  virtual ~ChatModel() = default;
  struct Request {
    std::string context;                 // may be empty
    std::vector<std::string> questions;  // asked one by one about the same context
    int max_new_tokens = 64;
  };
  virtual std::vector<std::string> answer(const Request& request) = 0;
  virtual std::string describe() const = 0;
};

}  // namespace film::engine

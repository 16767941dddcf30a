#pragma once
// Questions on a context -> answers, whichever kind of model stands behind.
#include <span>
#include <string>
#include <vector>

#include "film/engine/language_model.h"
#include "film/scores/probe.h"
#include "film/text/prompt_template.h"

namespace film::scores {

class Answerer {
 public:
  virtual ~Answerer() = default;
  // One answer per item, in order; white space at the ends is removed.
  virtual std::vector<std::string> answer(const ProbeContext& context, std::span<const ProbeItem> items,
                                          int max_new_tokens) = 0;
  virtual std::string describe() const = 0;
};

// A model that runs here: the context is the shared prefix, read once per call. Keeps references.
class LocalAnswerer : public Answerer {
 public:
  LocalAnswerer(engine::LanguageModel& model, const text::Tokenizer& tokenizer,
                const text::PromptTemplate& form);
  std::vector<std::string> answer(const ProbeContext& context, std::span<const ProbeItem> items,
                                  int max_new_tokens) override;
  std::string describe() const override { return model_.describe(); }

 private:
  engine::LanguageModel& model_;
  text::Tokenizer tokenizer_;
  const text::PromptTemplate& form_;
};

// A chat model or an endpoint: contexts go as text (decoded by `tokenizer` where a probe has only ids).
class ChatAnswerer : public Answerer {
 public:
  ChatAnswerer(engine::ChatModel& model, const text::Tokenizer* tokenizer = nullptr)
      : model_(model), tokenizer_(tokenizer) {}
  std::vector<std::string> answer(const ProbeContext& context, std::span<const ProbeItem> items,
                                  int max_new_tokens) override;
  std::string describe() const override { return model_.describe(); }

 private:
  engine::ChatModel& model_;
  const text::Tokenizer* tokenizer_;
};

}  // namespace film::scores

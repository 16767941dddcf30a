#pragma once
// Answers of a model that runs in this process.
#include "film/answers/answerer.h"
#include "film/text/prompt_template.h"

namespace film::answers {

class LocalAnswerer : public Answerer {
 public:
  LocalAnswerer(std::unique_ptr<engine::LanguageModel> model, Tokenizer tokenizer, PromptTemplate form);
  std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) override;
  std::string describe() const override { return model_->describe(); }

 private:
  TokenIds prefix_of(const Request& request) const;
  TokenIds ids_of(const Request& request) const;
  void answer_group(std::span<const Request> group, const Decoding& decoding, std::vector<Answer>& answers);
  void generate(std::span<const Request> group, std::span<const engine::Prompt> prompts, const Decoding& decoding,
                std::vector<Answer>& answers);
  void rate(std::span<const Request> group, std::span<const engine::Prompt> prompts,
            std::vector<Answer>& answers);

  std::unique_ptr<engine::LanguageModel> model_;
  Tokenizer tokenizer_;
  PromptTemplate form_;
};

}  // namespace film::answers

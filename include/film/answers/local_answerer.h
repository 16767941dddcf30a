#pragma once
// Answers of a model that runs in this process.
#include "film/answers/answerer.h"
#include "film/text/prompt_template.h"

namespace film::answers {

class LocalAnswerer : public Answerer {
 public:
  // form: the model's prompt template. An answer ends at the tokenizer's end token.
  LocalAnswerer(std::unique_ptr<engine::LanguageModel> model, text::Tokenizer tokenizer,
                text::PromptTemplate form);
  std::vector<Answer> answer(std::span<const Request> requests, const Decoding& decoding) override;
  std::string describe() const override { return model_->describe(); }

 private:
  void answer_group(std::span<const Request> group, const Decoding& decoding, std::vector<Answer>& answers);
  void generate(std::span<const engine::Prompt> prompts, const Decoding& decoding,
                std::vector<Answer>& answers);
  void rate(std::span<const Request> group, std::vector<Answer>& answers);
  void rate_texts(std::span<const Request> group, std::vector<Answer>& answers);
  static void add_rated(std::span<const Request> group, const std::vector<double>& all,
                        std::vector<Answer>& answers);
  text::TokenIds prefix_of(const Request& request) const;
  text::TokenIds ids_of(const Request& request) const;

  std::unique_ptr<engine::LanguageModel> model_;
  text::Tokenizer tokenizer_;
  text::PromptTemplate form_;
};

}  // namespace film::answers

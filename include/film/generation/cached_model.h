#pragma once
// Generation with a KV cache: the prefix that prompts share is read once, their new ids are decoded together.
#include "film/engine/language_model.h"
#include "film/model/mistral.h"

namespace film::generation {

class CachedModel : public engine::LanguageModel {
 public:
  // Computes in the type and on the device of the weights.
  CachedModel(engine::ModelConfig config, model::ModelTensors weights);
  std::vector<engine::Completion> generate(std::span<const engine::Prompt> prompts,
                                           const engine::Decoding& decoding) override;
  std::vector<double> log_likelihood(std::span<const engine::Prompt> prompts,
                                     std::span<const text::TokenIds> continuations) override;
  std::int64_t max_tokens() const override { return config_.max_position_embeddings; }
  std::string describe() const override;

 private:
  engine::ModelConfig config_;
  model::ModelTensors weights_;
};

// Reads a Hugging Face folder (or a checkpoint of a run). Throws no_input, bad_data; config_error for a device that
// cannot be used.
std::unique_ptr<engine::LanguageModel> open_model(const engine::ModelOptions& options);

}  // namespace film::generation

#pragma once
// Generation with a KV cache. The shared prefix is read once; all suffixes are decoded together, each
// attending to the prefix and to itself, the two parts merged by log-sum-exp.
#include "film/engine/language_model.h"
#include "film/model/mistral.h"

namespace film::generation {

using at::Tensor;

// Keys and values of one layer: rows of the prefix, then `capacity` rows for every suffix.
struct LayerCache {
  Tensor key_SMH, value_SMH;
};

class CachedModel : public engine::LanguageModel {
 public:
  CachedModel(engine::ModelConfig config, model::ModelTensors weights);
  std::vector<text::TokenIds> generate(const engine::GenerationRequest& request) override;
  std::vector<double> score(const engine::GenerationRequest& request,
                            const std::vector<text::TokenIds>& continuations) override;
  std::int64_t max_tokens() const override { return config_.max_position_embeddings; }
  std::string describe() const override;

 private:
  engine::ModelConfig config_;
  model::ModelTensors weights_;
};

// Reads a Hugging Face folder (or a checkpoint of a run) in fp32.
std::unique_ptr<engine::LanguageModel> open_model(const fs::path& folder);

}  // namespace film::generation

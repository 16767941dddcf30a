#pragma once
// Generation with a KV cache. The shared prefix is read once; all suffixes are decoded together, each
// attending to the prefix and to itself, the two parts merged by log-sum-exp.
#include "film/engine/language_model.h"
#include "film/model/mistral.h"

namespace film {

// Keys and values of one layer: rows of the prefix, then `capacity` rows for every suffix.
struct LayerCache {
  Tensor key_SMH, value_SMH;
};

class CachedModel : public LanguageModel {
 public:
  CachedModel(ModelConfig config, ModelTensors weights);
  std::vector<TokenIds> generate(const GenerationRequest& request) override;
  std::vector<double> score(const GenerationRequest& request,
                            const std::vector<TokenIds>& continuations) override;
  std::int64_t max_tokens() const override { return config_.max_position_embeddings; }
  std::string describe() const override;

 private:
  ModelConfig config_;
  ModelTensors weights_;
};

// Reads a Hugging Face folder (or a checkpoint of a run) in fp32.
std::unique_ptr<LanguageModel> open_model(const fs::path& folder);

}  // namespace film

#pragma once
// Generation with a KV cache: the prefix that prompts share is read once, their new ids are decoded together.
#include "film/engine/asking_plan.h"
#include "film/engine/language_model.h"
#include "film/model/mistral.h"

namespace film::generation {

class Prefix;

class CachedModel : public engine::LanguageModel {
 public:
  // Computes in the type and on the device of the weights. end_ids: where sequences end beside Decoding::stop.
  // memory_limit: bytes that the process may take on the device; 0 = all that is free now. Prompts with one prefix are
  // decoded in groups that fit.
  CachedModel(engine::ModelConfig config, model::ModelTensors weights,
              std::vector<text::TokenId> end_ids = {}, std::uint64_t memory_limit = 0);
  ~CachedModel() override;
  std::vector<engine::Completion> generate(std::span<const engine::Prompt> prompts,
                                           const engine::Decoding& decoding) override;
  std::vector<double> log_likelihood(std::span<const engine::Prompt> prompts,
                                     std::span<const text::TokenIds> continuations) override;
  std::int64_t max_tokens() const override { return config_.max_position_embeddings; }
  std::string describe() const override;

 private:
  std::size_t open_at_once(std::span<const engine::Prompt> group, const engine::Decoding& decoding) const;
  engine::AskingPlan planned(const engine::AskingShape& shape) const;
  void read(std::span<const text::TokenId> prefix);

  engine::ModelConfig config_;
  model::ModelTensors weights_;
  std::vector<text::TokenId> end_ids_;
  std::uint64_t limit_ = 0, base_ = 0;  // bytes that the process may take; that it takes without the model
  std::unique_ptr<Prefix> prefix_;      // of the last prompts
};

// Of a device, now. On a GPU, what is taken is the context's and the libraries', and whatever else runs there.
engine::MemoryBytes memory_of(const at::Device& device);

// Reads a Hugging Face folder (or a checkpoint of a run). Throws no_input, bad_data; config_error for a device that
// cannot be used or that has too little memory.
std::unique_ptr<engine::LanguageModel> open_model(const engine::ModelOptions& options);

}  // namespace film::generation

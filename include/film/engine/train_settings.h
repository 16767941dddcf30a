#pragma once
// Settings of `film train`. They live in the torch-free face so that help, checks and dry runs need no Torch.
#include <array>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"
#include "film/engine/memory_plan.h"
#include "film/engine/model_config.h"
#include "film/engine/ranks.h"
#include "film/text/prompt_template.h"

namespace film::engine {

// The learning rate after the warm-up.
enum class Decay { constant, cosine };
constexpr auto enum_names(Decay) {
  return std::array{EnumName{Decay::constant, "constant"}, EnumName{Decay::cosine, "cosine"}};
}

// What is read before the questions: the whole context, or its evidence segments alone, in their order (plain
// instruction tuning on the same questions: the paper's comparison without long contexts).
enum class ContextPart { whole, evidence };
constexpr auto enum_names(ContextPart) {
  return std::array{EnumName{ContextPart::whole, "whole"}, EnumName{ContextPart::evidence, "evidence"}};
}

// How answer tokens are weighted; the weights of a step sum to 1 whatever the packing.
enum class LossWeighting {
  sample,  // mean over pairs of each pair's mean over its answer tokens
  token    // mean over all answer tokens
};
constexpr auto enum_names(LossWeighting) {
  return std::array{EnumName{LossWeighting::sample, "sample"}, EnumName{LossWeighting::token, "token"}};
}

// Learning rate over one stage: linear warm-up, then constant or cosine down to final_fraction x peak.
struct ScheduleSettings {
  double peak = 1e-6;
  std::int64_t warmup_steps = 0;
  double warmup_fraction = 0;  // of the stage's steps; used when warmup_steps is 0
  Decay decay = Decay::cosine;
  double final_fraction = 0;
  void describe(Fields& f);
  // Learning rate of step `step` (from 0) of `steps`.
  double at(std::int64_t step, std::int64_t steps) const;
};

// One stretch of training: which data, how many examples a step, when it ends. Curricula are lists of stages.
struct StageSettings {
  std::string name = "train";
  std::vector<std::string> data;  // DATA folders, their training examples concatenated
  double fraction = 1;            // of the examples, the same ones for the same seed
  ContextPart context = ContextPart::whole;
  std::int64_t batch = 128;  // examples a step (each with all its pairs)
  double epochs = 1;         // used when steps is 0
  std::int64_t steps = 0;
  double stop_accuracy = 0;  // ends the stage when the moving average passes it; 0 = never
  ScheduleSettings schedule;
  void describe(Fields& f);
};

// Parameters whose name contains `match` (or whose kind is it: embedding, norm, linear, head) differ
// from the rest.
struct ParameterGroup {
  std::string match;
  double learning_rate_scale = 1;
  double weight_decay = 0;
  void describe(Fields& f);
};

struct OptimizerSettings {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0, clip = 1;
  std::vector<ParameterGroup> groups;  // the last that matches counts
  void describe(Fields& f);
};

// Where the model differs from what its folder's config.json says: for ablations.
struct ModelChanges {
  double rope_theta = 0;                     // 0 = as the folder says
  std::int64_t sliding_window = -1;          // -1 = as the folder says; 0 = none
  std::int64_t max_position_embeddings = 0;  // 0 = as the folder says
  void describe(Fields& f);
  void apply(ModelConfig& config) const;
};

// Whether sequences are padded to a few dozen lengths: where attention by cuDNN, which prepares a graph for each
// length, is expected; always; never.
enum class PadLengths { automatic, on, off };
constexpr auto enum_names(PadLengths) {
  return std::array{EnumName{PadLengths::automatic, "auto"}, EnumName{PadLengths::on, "on"},
                    EnumName{PadLengths::off, "off"}};
}

// Attention on a GPU: the fastest call for each length, or FlashAttention for all.
enum class AttentionChoice { automatic, flash };
constexpr auto enum_names(AttentionChoice) {
  return std::array{EnumName{AttentionChoice::automatic, "auto"}, EnumName{AttentionChoice::flash, "flash"}};
}

struct TrainSettings {
  std::string model_folder;  // Hugging Face folder to start from; empty: a new model of `model`
  ModelChanges changes;      // to the folder's model
  ModelConfig model;
  InitSettings init;
  Precision precision = Precision::float32;
  DeviceChoice device = DeviceChoice::automatic;
  std::string tokenizer;  // SentencePiece .model file
  text::PromptStyle prompt = text::PromptStyle::film;
  std::vector<StageSettings> stages = {StageSettings{}};
  OptimizerSettings optimizer;
  LossWeighting loss_weighting = LossWeighting::sample;
  bool share_context = true;
  std::int64_t pack_tokens = 32768;  // rows of one pass
  PadLengths pad_lengths = PadLengths::automatic;
  AttentionChoice attention = AttentionChoice::automatic;
  bool deterministic = false;  // on a GPU: sums in the same order in every run; slower (a CPU always does so)
  MemorySettings memory;
  std::int64_t max_tokens = 32768;   // longer examples are counted, named and left out
  double accuracy_smoothing = 0.95;  // of the moving average of training accuracy
  std::int64_t max_bad_steps = 10;   // NaN or infinite steps in a row before giving up (exit 79)
  std::uint64_t seed = 0;
  std::int64_t threads = 0;           // 0 = all cores
  std::int64_t save_every = 500;      // steps
  std::int64_t keep_checkpoints = 2;  // newest ones with training state; the last of the run is always kept
  Precision save_type = Precision::float32;  // of the model's weights on disk
  bool save_state = true;                    // moments, so that training can be resumed
  Shard shard = Shard::none;
  std::int64_t shard_group = 0;        // ranks of a group with shard=hybrid; 0 = those of a node
  std::int64_t sequence_parallel = 1;  // ranks that compute a sequence together
  RankSettings ranks;

  void describe(Fields& f);
  // Cross-field rules, before any work; throws config_error. with_data: tokenizer and data are needed too.
  void check(bool with_data = true) const;
};

}  // namespace film::engine

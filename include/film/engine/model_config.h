#pragma once
// The shape of a Mistral-architecture model, under Hugging Face's names, and how its weights begin.
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "film/base/enum_names.h"
#include "film/base/settings.h"
#include "film/text/tokenizer.h"

namespace film::engine {

// How the frequencies of the rotary position embedding are stretched to read further than a model was trained for: by
// one factor, or by wavelength as in Llama 3.1 or in YaRN (arXiv 2309.00071).
enum class RopeType { unscaled, linear, llama3, yarn };
struct RopeScaling {
  RopeType type = RopeType::unscaled;
  double factor = 1;
  double original = 0;                               // tokens that the model was trained for at first
  double low_freq_factor = 1, high_freq_factor = 4;  // llama3
  double beta_fast = 32, beta_slow = 1;              // yarn: turns within `original`
  double attention_factor = 1;                       // yarn: of cosines and sines
  bool truncate = true;                              // yarn: its bounds are whole dimensions
};

// Defaults are Mistral-7B v0.2's (paper section 2.2).
struct ModelConfig {
  std::int64_t vocab_size = 32000;
  std::int64_t hidden_size = 4096;
  std::int64_t intermediate_size = 14336;
  std::int64_t num_hidden_layers = 32;
  std::int64_t num_attention_heads = 32;
  std::int64_t num_key_value_heads = 8;
  std::int64_t head_dim = 128;
  std::int64_t max_position_embeddings = 32768;
  std::int64_t sliding_window = 0;  // keys a token sees, itself included; 0 = all (v0.2 on)
  double rope_theta = 1e6;
  RopeScaling rope;  // of a model folder alone: no setting
  double rms_norm_eps = 1e-5;
  bool tie_word_embeddings = false;

  void describe(Fields& f);
  void check() const;  // cross-field rules; throws config_error

  std::int64_t query_width() const { return num_attention_heads * head_dim; }
  std::int64_t key_width() const { return num_key_value_heads * head_dim; }
  std::int64_t layer_parameters() const;
  std::int64_t parameters() const;  // counting tied embeddings once
  std::string summary() const;      // "Mistral, 2 layers, width 64, 2.15 M parameters"
};

// config.json of a Hugging Face folder. Reading accepts model_type mistral and llama (the same architecture) in both the
// old (rope_theta) and the new (rope_parameters) form, as transformers reads them; whatever would make this engine compute
// something else (RoPE scaling, biases, multipliers, quantised weights, another activation) throws bad_data naming it.
ModelConfig model_config_from_hugging_face(const fs::path& config_json);

// What a written folder keeps of the one that the model came from: every key that film does not set itself. For a new
// model, the ids of <s> and </s> of its tokenizer.
struct FolderOrigin {
  Json config = Json::object(), generation = Json::object();
  std::int64_t bos = 1, eos = 2;  // of the tokenizer: where the origin does not say
  std::string bos_piece = "<s>", eos_piece = "</s>";
  std::map<std::string, std::string> files = {};  // of the tokenizer, beside tokenizer.model: name, content
  bool has_chat_template() const;
  // Of a model folder; nothing for an empty path. Throws bad_data: a file that is no JSON object.
  static FolderOrigin of(const fs::path& folder, const text::Tokenizer& tokenizer);
};
Json to_hugging_face(const ModelConfig& config, const std::string& dtype, const FolderOrigin& origin = {});
Json generation_config(const FolderOrigin& origin);

// Every id of the tokenizer needs a row of the embedding; further rows are harmless. Throws config_error.
void require_vocabulary(const ModelConfig& config, const text::Tokenizer& tokenizer);

// Throws no_input with the remedy when there is no such folder (a name of the Hugging Face hub, most likely).
void require_model_folder(const fs::path& folder);

// The output head of a new untied model: random like a linear layer, or a copy of the embedding.
enum class HeadInit { random, copy };
constexpr auto enum_names(HeadInit) {
  return std::array{EnumName{HeadInit::random, "random"}, EnumName{HeadInit::copy, "copy"}};
}

// Initialisation of a model made from settings. A standard deviation of 0 means 1 / sqrt(fan_in).
struct InitSettings {
  double linear_std = 0.02;
  double embedding_std = 0.02;
  double embedding_shared_std = 0;  // of ONE random vector added to every embedding row
  HeadInit head = HeadInit::random;
  void describe(Fields& f);
};

}  // namespace film::engine

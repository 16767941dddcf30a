// config.json of Hugging Face folders, in and out.
#include <fmt/format.h>

#include <algorithm>

#include "film/base/strings.h"
#include "film/engine/model_config.h"
#include "read_object.h"
#include "rope_scaling.h"

namespace film::engine {
namespace {

// A member of config.json; `otherwise` where it is absent or null. Throws bad_data for another type.
template <class T>
T optional_member(const Json& json, const char* key, T otherwise, const std::string& where) {
  return json.contains(key) && !json.at(key).is_null() ? member<T>(json, key, where) : otherwise;
}

Error unsupported(const std::string& where, const std::string& what) {
  return bad_data(where + ": " + what + " is not supported",
                  "film computes models of the Mistral architecture, as transformers' MistralForCausalLM and "
                  "LlamaForCausalLM do");
}

// Keys by which models of other families change the arithmetic, with the values that change nothing.
struct NeutralKey {
  const char* key;
  std::vector<Json> neutral;
};
const std::vector<NeutralKey>& neutral_keys() {
  static const std::vector<NeutralKey> keys = {{"attention_bias", {false}},
                                               {"mlp_bias", {false}},
                                               {"qkv_bias", {false}},
                                               {"qk_norm", {false}},
                                               {"use_qk_norm", {false}},
                                               {"logit_scale", {1, 1.0}},
                                               {"logits_scaling", {1, 1.0}},
                                               {"scale_emb", {1, 1.0}},
                                               {"embedding_multiplier", {1, 1.0}},
                                               {"residual_multiplier", {1, 1.0}},
                                               {"attention_multiplier", {}},
                                               {"query_pre_attn_scalar", {}},
                                               {"final_logit_softcapping", {}},
                                               {"attn_logit_softcapping", {}},
                                               {"clip_qkv", {}},
                                               {"use_alibi", {false}},
                                               {"alibi", {false}},
                                               {"use_parallel_residual", {false}},
                                               {"rope_interleave", {false}},
                                               {"rope_interleaved", {false}},
                                               {"partial_rotary_factor", {1, 1.0}},
                                               {"num_local_experts", {0, 1}},
                                               {"num_experts", {0}},
                                               {"attention_chunk_size", {}},
                                               {"no_rope_layers", {}},
                                               {"position_embedding_type", {"rotary", "rope"}}};
  return keys;
}

void refuse_changed(const Json& json, const std::string& where) {
  for (const NeutralKey& n : neutral_keys()) {
    if (!json.contains(n.key) || json[n.key].is_null()) continue;
    if (std::ranges::find(n.neutral, json[n.key]) == n.neutral.end())
      throw unsupported(where, std::string(n.key) + " = " + to_line(json[n.key]));
  }
}

void refuse_quantised(const Json& json, const std::string& where) {
  for (const char* key : {"quantization_config", "quantization", "compression_config"}) {
    if (!json.contains(key) || json[key].is_null()) continue;
    const Json& method = json[key].is_object() ? json[key].value("quant_method", Json()) : json[key];
    throw bad_data(
        where + ": the model is quantised (" + (method.is_string() ? method.get<std::string>() : key) + ")",
        "film reads float32, float16 and bfloat16 weights: take the model as it was before");
  }
}

// Settings of a config.json that would make the model compute something else than this engine does.
void refuse_other_arithmetic(const Json& json, const std::string& where) {
  const std::string type = optional_member<std::string>(json, "model_type", "", where);
  if (type != "mistral" && type != "llama")
    throw bad_data(where + ": model_type is \"" + type + "\", expected mistral or llama",
                   "film trains models of the Mistral architecture only");
  const std::string act = optional_member<std::string>(json, "hidden_act", "silu", where);
  if (act != "silu" && act != "swish")
    throw bad_data(where + ": hidden_act is \"" + act + "\", expected silu");
  refuse_changed(json, where);
  refuse_quantised(json, where);
}

// transformers applies a window to Mistral's layers only (one of 4096 keys where the key is absent, none where it is
// null), whatever use_sliding_window says, and to those alone that layer_types says.
std::int64_t window_of(const Json& json, const std::string& where) {
  if (json.value("model_type", Json()) != "mistral") return 0;
  constexpr std::int64_t kOfTheClass = 4096;
  const std::int64_t window = json.contains("sliding_window")
                                  ? optional_member<std::int64_t>(json, "sliding_window", 0, where)
                                  : kOfTheClass;
  if (window > 0 && !optional_member(json, "use_sliding_window", true, where))
    throw bad_data(where + ": use_sliding_window is false, sliding_window is " + std::to_string(window) +
                       ": transformers applies that window, other programs do not",
                   "set sliding_window to null (no window), or remove use_sliding_window");
  if (!json.contains("layer_types") || json["layer_types"].is_null()) return window;
  const auto types = member<std::vector<std::string>>(json, "layer_types", where);
  const auto sliding = std::ranges::count(types, "sliding_attention");
  if (sliding == 0) return 0;
  if (sliding < std::ssize(types)) throw unsupported(where, "layer_types with and without a window");
  return window;
}

bool has_ending(const fs::path& folder, const std::string& ending) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (to_lower_ascii(entry.path().extension().string()) == ending) return true;
  return false;
}

// What a folder without config.json is instead.
Error no_config(const fs::path& folder) {
  const std::string name = folder.string();
  if (fs::exists(folder / "adapter_config.json"))
    return no_input(name + " is an adapter (LoRA), not a whole model",
                    "merge it into its base model first: peft's merge_and_unload(), then save_pretrained()");
  if (has_ending(folder, ".gguf"))
    return no_input(name + " holds a GGUF file",
                    "take the model's folder as Hugging Face serves it: *.safetensors");
  if (fs::exists(folder / "params.json"))
    return no_input(name + " is in Mistral's own layout (params.json)",
                    "take the same model in Hugging Face's layout: config.json and model*.safetensors");
  return no_input("no such file: " + (folder / "config.json").string(),
                  "a model folder holds config.json and model*.safetensors, as Hugging Face writes them");
}

}  // namespace

void require_model_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  throw no_input(
      "no such model folder: " + folder.string(),
      "film downloads nothing: fetch the model first (hf download NAME --local-dir FOLDER; a gated one after "
      "accepting its terms) and name that folder");
}

ModelConfig model_config_from_hugging_face(const fs::path& config_json) {
  require_model_folder(config_json.parent_path());
  if (!fs::exists(config_json)) throw no_config(config_json.parent_path());
  const Json json = read_object(config_json);
  const std::string where = config_json.string();
  refuse_other_arithmetic(json, where);
  ModelConfig c;
  c.vocab_size = member<std::int64_t>(json, "vocab_size", where);
  c.hidden_size = member<std::int64_t>(json, "hidden_size", where);
  c.intermediate_size = member<std::int64_t>(json, "intermediate_size", where);
  c.num_hidden_layers = member<std::int64_t>(json, "num_hidden_layers", where);
  c.num_attention_heads = member<std::int64_t>(json, "num_attention_heads", where);
  c.num_key_value_heads = optional_member(json, "num_key_value_heads", c.num_attention_heads, where);
  c.head_dim = optional_member(json, "head_dim",
                               c.hidden_size / std::max<std::int64_t>(1, c.num_attention_heads), where);
  c.max_position_embeddings = optional_member<std::int64_t>(
      json, "max_position_embeddings", json["model_type"] == "llama" ? 2048 : 131072, where);
  c.sliding_window = window_of(json, where);
  const RopeReading rope = rope_of(json, c.max_position_embeddings, where);
  c.rope_theta = rope.theta;
  c.rope = rope.scaling;
  c.rms_norm_eps = member<double>(json, "rms_norm_eps", where);
  c.tie_word_embeddings = optional_member(json, "tie_word_embeddings", false, where);
  Fields ranges;
  ModelConfig checked;
  checked.describe(ranges);
  Fields given;
  c.describe(given);
  try {
    ranges.apply(given.dump(), where);
    c.check();
  } catch (const Error& error) {  // of a file, not of a setting
    const std::string what = error.what();
    throw bad_data(what.starts_with(where) ? what : where + ": " + what, error.hint());
  }
  return c;
}

}  // namespace film::engine

#include "film/engine/model_config.h"

#include <fmt/format.h>

#include <algorithm>

namespace film::engine {

void ModelConfig::describe(Fields& f) {
  f.add("vocab_size", vocab_size, "rows of the embedding").range(8, 1e7);
  f.add("hidden_size", hidden_size, "width of the residual stream").range(2, 65536);
  f.add("intermediate_size", intermediate_size, "width of the feed-forward layer").range(1, 1 << 20);
  f.add("num_hidden_layers", num_hidden_layers, "layers").range(1, 1024);
  f.add("num_attention_heads", num_attention_heads, "query heads").range(1, 1024);
  f.add("num_key_value_heads", num_key_value_heads, "key and value heads (divides the query heads)")
      .range(1, 1024);
  f.add("head_dim", head_dim, "width of one head (even)").range(2, 1024);
  f.add("max_position_embeddings", max_position_embeddings, "longest sequence").range(1, 1e9).in("tokens");
  f.add("sliding_window", sliding_window, "keys a token sees, itself included; 0 = all")
      .range(0, 1e9)
      .in("tokens");
  f.add("rope_theta", rope_theta, "base of the rotary position embedding").range(1, 1e12);
  f.add("rms_norm_eps", rms_norm_eps, "epsilon of RMSNorm").range(0, 1);
  f.add("tie_word_embeddings", tie_word_embeddings, "use the embedding as the output head");
}

void ModelConfig::check() const {
  if (num_attention_heads % num_key_value_heads != 0)
    throw config_error(fmt::format("num_attention_heads ({}) is not a multiple of num_key_value_heads ({})",
                                   num_attention_heads, num_key_value_heads));
  if (head_dim % 2 != 0) throw config_error(fmt::format("head_dim ({}) must be even", head_dim));
}

std::int64_t ModelConfig::parameters() const {
  const std::int64_t attention = hidden_size * 2 * (query_width() + key_width());
  const std::int64_t layer = attention + 3 * hidden_size * intermediate_size + 2 * hidden_size;
  const std::int64_t embeddings = vocab_size * hidden_size * (tie_word_embeddings ? 1 : 2);
  return num_hidden_layers * layer + embeddings + hidden_size;
}

std::string ModelConfig::summary() const {
  const auto count = static_cast<double>(parameters());
  const std::string size = count < 1e6   ? fmt::format("{:.1f} K", count / 1e3)
                           : count < 1e9 ? fmt::format("{:.2f} M", count / 1e6)
                                         : fmt::format("{:.2f} B", count / 1e9);
  return fmt::format("Mistral, {} layers, width {}, {} parameters", num_hidden_layers, hidden_size, size);
}

Json to_hugging_face(const ModelConfig& c, const std::string& dtype) {
  Json json = {{"architectures", {"MistralForCausalLM"}},
               {"model_type", "mistral"},
               {"vocab_size", c.vocab_size},
               {"hidden_size", c.hidden_size},
               {"intermediate_size", c.intermediate_size},
               {"num_hidden_layers", c.num_hidden_layers},
               {"num_attention_heads", c.num_attention_heads},
               {"num_key_value_heads", c.num_key_value_heads},
               {"head_dim", c.head_dim},
               {"hidden_act", "silu"},
               {"max_position_embeddings", c.max_position_embeddings},
               {"initializer_range", 0.02},
               {"rms_norm_eps", c.rms_norm_eps},
               {"use_cache", true},
               {"bos_token_id", 1},
               {"eos_token_id", 2},
               {"tie_word_embeddings", c.tie_word_embeddings},
               {"rope_theta", c.rope_theta},
               {"attention_dropout", 0.0},
               {"torch_dtype", dtype}};
  json["sliding_window"] = c.sliding_window > 0 ? Json(c.sliding_window) : Json();
  return json;
}

namespace {

template <class T>
T optional_member(const Json& json, const char* key, T otherwise, const std::string& where) {
  return json.contains(key) && !json.at(key).is_null() ? member<T>(json, key, where) : otherwise;
}

// Settings of a config.json that would make the model compute something else than this engine does.
void refuse_other_arithmetic(const Json& json, const std::string& where) {
  const std::string type = optional_member<std::string>(json, "model_type", "", where);
  if (type != "mistral" && type != "llama")
    throw bad_data(where + ": model_type is \"" + type + "\", expected mistral or llama",
                   "film trains models of the Mistral architecture only");
  if (const std::string act = optional_member<std::string>(json, "hidden_act", "silu", where); act != "silu")
    throw bad_data(where + ": hidden_act is \"" + act + "\", expected silu");
  for (const char* key : {"attention_bias", "mlp_bias"})
    if (json.value(key, Json(false)) == Json(true)) throw bad_data(where + ": " + key + " is not supported");
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const Json rope = json.value(key, Json());
    if (!rope.is_object()) continue;
    const std::string kind = rope.value("rope_type", rope.value("type", "default"));
    if (kind != "default") throw bad_data(where + ": RoPE scaling \"" + kind + "\" is not supported");
  }
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
  if (!fs::exists(config_json))
    throw no_input("no such file: " + config_json.string(),
                   "a model folder holds config.json and model*.safetensors, as Hugging Face writes them");
  const Json json = read_json(config_json);
  const std::string where = config_json.string();
  if (!json.is_object()) throw bad_data(where + ": expected an object, got " + to_line(json));
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
  c.max_position_embeddings = optional_member<std::int64_t>(json, "max_position_embeddings", 32768, where);
  c.sliding_window = optional_member<std::int64_t>(json, "sliding_window", 0, where);
  c.rope_theta = optional_member(json, "rope_theta", 1e4, where);
  if (const Json rope = json.value("rope_parameters", Json()); rope.is_object())
    c.rope_theta = optional_member(rope, "rope_theta", c.rope_theta, where);
  c.rms_norm_eps = member<double>(json, "rms_norm_eps", where);
  c.tie_word_embeddings = optional_member(json, "tie_word_embeddings", false, where);
  Fields ranges;
  ModelConfig checked;
  checked.describe(ranges);
  Fields given;
  c.describe(given);
  ranges.apply(given.dump(), where);
  c.check();
  return c;
}

void InitSettings::describe(Fields& f) {
  f.add("linear_std", linear_std, "standard deviation of linear layers; 0 = 1/sqrt(fan_in)").range(0, 10);
  f.add("embedding_std", embedding_std, "standard deviation of the embedding").range(0, 10);
  f.add("embedding_shared_std", embedding_shared_std, "of one random vector added to every embedding row")
      .range(0, 10);
  f.add("head", head, "output head of an untied model");
}

}  // namespace film::engine

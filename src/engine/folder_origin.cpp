// What is written of a model folder beside its weights: config.json, generation_config.json, the tokenizer's files.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "film/base/git_lfs.h"
#include "film/base/log.h"
#include "film/engine/model_config.h"
#include "read_object.h"

namespace film::engine {

Json read_object(const fs::path& file) {
  const std::string text = read_file(file);
  if (is_lfs_pointer(text)) throw lfs_pointer_error(file.string());
  Json json = parse_json(text, file.string(), /*comments=*/true);
  if (!json.is_object()) throw bad_data(file.string() + ": expected an object, got " + to_line(json));
  return json;
}

namespace {

// Files by which other programs read text for the model; tokenizer.model is the one that film trains with.
constexpr std::array kTokenizerFiles = {"tokenizer.json",
                                        "tokenizer_config.json",
                                        "special_tokens_map.json",
                                        "added_tokens.json",
                                        "vocab.json",
                                        "merges.txt",
                                        "tekken.json",
                                        "chat_template.jinja",
                                        "chat_template.json",
                                        "tokenizer.model.v1",
                                        "tokenizer.model.v2",
                                        "tokenizer.model.v3"};

// Files of another tokenizer than the one that film trains with do not belong to the trained model.
std::map<std::string, std::string> tokenizer_files(const fs::path& folder, const text::Tokenizer& tokenizer) {
  std::map<std::string, std::string> files;
  const fs::path own = folder / "tokenizer.model";
  if (fs::exists(own) && sha256_file(own) != tokenizer.sha256()) {
    warn(tokenizer.path().string() + " is another tokenizer than " + own.string() +
         ": the folder's tokenizer files are not copied to the trained model");
    return files;
  }
  for (const char* name : kTokenizerFiles)
    if (fs::exists(folder / name)) files[name] = read_file(folder / name);
  if (files.contains("tokenizer_config.json")) read_object(folder / "tokenizer_config.json");
  return files;
}

// `ids` (an id or a list of them) with one more that ends an answer.
Json with_end(const Json& ids, std::int64_t eos) {
  if (ids.is_null() || ids == Json(eos)) return eos;
  Json list = ids.is_array() ? ids : Json::array({ids});
  if (std::ranges::find(list, Json(eos)) == list.end()) list.push_back(eos);
  return ids.is_array() || list.size() > 1 ? list : ids;
}

// The base where the origin has it; how it is scaled is the origin's.
void set_rope(Json& json, const ModelConfig& c) {
  bool is_inside = false, is_scaled = false;
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (!json.contains(key) || !json[key].is_object()) continue;
    is_scaled = true;
    if (!json[key].contains("rope_theta")) continue;
    json[key]["rope_theta"] = c.rope_theta;
    is_inside = true;
  }
  if (!is_inside || json.contains("rope_theta")) json["rope_theta"] = c.rope_theta;
  if (c.rope.type != RopeType::unscaled && !is_scaled)
    throw internal_error("a scaled RoPE whose origin does not say so");
}

}  // namespace

FolderOrigin FolderOrigin::of(const fs::path& folder, const text::Tokenizer& tokenizer) {
  FolderOrigin origin;
  origin.bos = tokenizer.bos();
  origin.eos = tokenizer.eos();
  origin.bos_piece = tokenizer.piece(tokenizer.bos());
  origin.eos_piece = tokenizer.piece(tokenizer.eos());
  if (folder.empty()) return origin;
  origin.config = read_object(folder / "config.json");
  if (const fs::path file = folder / "generation_config.json"; fs::exists(file))
    origin.generation = read_object(file);
  origin.files = tokenizer_files(folder, tokenizer);
  return origin;
}

bool FolderOrigin::has_chat_template() const {
  if (files.contains("chat_template.jinja") || files.contains("chat_template.json")) return true;
  const auto config_file = files.find("tokenizer_config.json");
  return config_file != files.end() &&
         parse_json(config_file->second, config_file->first).contains("chat_template");
}

Json to_hugging_face(const ModelConfig& c, const std::string& dtype, const FolderOrigin& origin) {
  Json json = origin.config;
  const auto set_if_absent = [&](const char* key, Json value) {
    if (!json.contains(key)) json[key] = std::move(value);
  };
  set_if_absent("architectures", {"MistralForCausalLM"});
  set_if_absent("model_type", "mistral");
  json["vocab_size"] = c.vocab_size;
  json["hidden_size"] = c.hidden_size;
  json["intermediate_size"] = c.intermediate_size;
  json["num_hidden_layers"] = c.num_hidden_layers;
  json["num_attention_heads"] = c.num_attention_heads;
  json["num_key_value_heads"] = c.num_key_value_heads;
  json["head_dim"] = c.head_dim;
  set_if_absent("hidden_act", "silu");
  json["max_position_embeddings"] = c.max_position_embeddings;
  set_if_absent("initializer_range", 0.02);
  json["rms_norm_eps"] = c.rms_norm_eps;
  set_if_absent("use_cache", true);
  set_if_absent("bos_token_id", origin.bos);
  set_if_absent("eos_token_id", origin.eos);
  json["tie_word_embeddings"] = c.tie_word_embeddings;
  set_rope(json, c);
  set_if_absent("attention_dropout", 0.0);
  json[json.contains("dtype") ? "dtype" : "torch_dtype"] = dtype;
  if (json["model_type"] == "mistral")
    json["sliding_window"] = c.sliding_window > 0 ? Json(c.sliding_window) : Json();
  return json;
}

Json generation_config(const FolderOrigin& origin) {
  Json json = origin.generation;
  for (const auto& [key, id] : {std::pair{"bos_token_id", origin.bos}, std::pair{"eos_token_id", origin.eos}})
    if (!json.contains(key)) json[key] = origin.config.value(key, Json(id));
  // An answer was trained to end with the tokenizer's </s>, whatever else ends one.
  json["eos_token_id"] = with_end(json["eos_token_id"], origin.eos);
  return json;
}

void require_vocabulary(const ModelConfig& config, const text::Tokenizer& tokenizer) {
  if (tokenizer.vocab_size() <= static_cast<std::size_t>(config.vocab_size)) return;
  throw config_error(
      fmt::format("the tokenizer {} has {} pieces, the model only {} rows of embedding",
                  tokenizer.path().string(), tokenizer.vocab_size(), config.vocab_size),
      "give the model's own tokenizer (--set tokenizer=FILE); for a new model set model.vocab_size");
}

}  // namespace film::engine

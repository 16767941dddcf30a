// config.json as transformers reads it, or refused by name: never taken for something else, never an internal error.
#include "film/engine/model_config.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"

namespace film::engine {
namespace {

using support::failure_of;
using support::TempFolder;

Json good() {
  return {{"model_type", "mistral"},  {"vocab_size", 768},
          {"hidden_size", 16},        {"intermediate_size", 32},
          {"num_hidden_layers", 1},   {"num_attention_heads", 2},
          {"num_key_value_heads", 1}, {"max_position_embeddings", 64},
          {"rms_norm_eps", 1e-5}};
}

ModelConfig read(const Json& json) {
  const TempFolder folder;
  folder.put("config.json", to_pretty(json));
  return model_config_from_hugging_face(folder / "config.json");
}

std::string failure(const Json& json) {
  return failure_of([&] { static_cast<void>(read(json)); });
}

Json with(const std::string& key, Json value) {
  Json json = good();
  json[key] = std::move(value);
  return json;
}

TEST(ModelConfigJson, AWrongTypeOfAnyKeyIsBadDataThatNamesIt) {
  for (const char* key : {"model_type", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                          "num_attention_heads", "num_key_value_heads", "head_dim", "max_position_embeddings",
                          "sliding_window", "rope_theta", "rms_norm_eps", "tie_word_embeddings", "hidden_act",
                          "rope_scaling", "rope_parameters", "use_sliding_window", "attention_bias"})
    for (const Json& wrong : {Json("text"), Json({1, 2}), Json({{"a", {{"b", 1}}}}), Json(-3), Json(1e300)}) {
      const std::string said = failure(with(key, wrong));
      const bool may_be_right = said == "no error";  // a number is a good rope_theta
      if (may_be_right) continue;
      EXPECT_TRUE(said.starts_with("65 ") || said.starts_with("78 ")) << key << " " << wrong << ": " << said;
      EXPECT_NE(said.find("config.json"), std::string::npos) << said;
    }
  for (const char* key : {"vocab_size", "hidden_size", "num_hidden_layers", "rms_norm_eps"})
    EXPECT_TRUE(failure(with(key, nullptr)).starts_with("65 ")) << key;
}

TEST(ModelConfigJson, WhatChangesTheArithmeticIsRefusedByName) {
  const std::vector<std::pair<const char*, Json>> table = {
      {"mlp_bias", true},
      {"final_logit_softcapping", 30.0},
      {"residual_multiplier", 0.22},
      {"partial_rotary_factor", 0.5},
      {"num_local_experts", 8},
      {"clip_qkv", 8},
      {"rope_scaling", {{"rope_type", "yarn"}, {"factor", 4.0}}},
      {"rope_scaling", {{"type", "dynamic"}, {"factor", 2.0}}},
      {"rope_scaling", {{"type", "linear"}, {"factor", 2.0}}},
      {"rope_parameters", {{"full_attention", {{"rope_type", "default"}}}}},
      {"rope_parameters", {{"rope_type", "llama3"}, {"rope_theta", 5e5}}},
      {"hidden_act", "gelu"},
      {"quantization_config", {{"quant_method", "awq"}}},
      {"layer_types", {"full_attention", "sliding_attention"}},
  };
  for (const auto& [key, value] : table) {
    Json json = with(key, value);
    if (std::string(key) == "layer_types") json["sliding_window"] = 8;
    const std::string said = failure(json);
    EXPECT_TRUE(said.starts_with("65 ")) << key << ": " << said;
  }
  EXPECT_NE(failure(with("quantization_config", {{"quant_method", "awq"}})).find("quantised (awq)"),
            std::string::npos);
}

TEST(ModelConfigJson, WhatChangesNothingIsTaken) {
  const std::vector<std::pair<const char*, Json>> table = {
      {"rope_scaling", nullptr},
      {"rope_scaling", {{"rope_type", nullptr}}},
      {"rope_scaling", Json::object()},
      {"rope_scaling", {{"type", "linear"}, {"factor", 1.0}}},
      {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 1e4}}},
      {"attention_bias", nullptr},
      {"logit_scale", 1.0},
      {"hidden_act", "swish"},
      {"quantization_config", nullptr},
  };
  for (const auto& [key, value] : table)
    EXPECT_EQ(failure(with(key, value)), "no error") << key << " " << value;
}

TEST(ModelConfigJson, AWindowCountsWhereTransformersAppliesIt) {
  struct Row {
    const char* type;
    Json more;
    std::int64_t window;
  };
  const std::vector<Row> rows = {
      {"mistral", {{"sliding_window", 8}}, 8},
      {"mistral", {{"sliding_window", nullptr}}, 0},
      {"mistral", {{"sliding_window", 8}, {"use_sliding_window", false}}, 0},
      {"mistral", {{"sliding_window", 8}, {"layer_types", {"full_attention"}}}, 0},
      {"mistral", {{"sliding_window", 8}, {"layer_types", {"sliding_attention"}}}, 8},
      {"llama", {{"sliding_window", 8}}, 0},
  };
  for (const Row& row : rows) {
    Json json = with("model_type", row.type);
    json.update(row.more);
    EXPECT_EQ(read(json).sliding_window, row.window) << json;
  }
}

TEST(ModelConfigJson, WhatIsWrittenKeepsTheOriginsKeys) {
  const TempFolder folder;
  Json base = with("model_type", "llama");
  base.update(Json{{"architectures", {"LlamaForCausalLM"}},
                   {"bos_token_id", 128000},
                   {"eos_token_id", {128001, 128009}},
                   {"pad_token_id", 7},
                   {"my_note", "kept"},
                   {"sliding_window", 8},
                   {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 5e5}}}});
  folder.put("config.json", to_pretty(base));
  folder.put("generation_config.json", R"({"eos_token_id": [128001, 128009], "temperature": 0.6})");
  FolderOrigin origin = FolderOrigin::of(folder.path());
  origin.bos = 1;
  origin.eos = 2;
  ModelConfig config = model_config_from_hugging_face(folder / "config.json");
  config.rope_theta = 1e6;
  const Json written = to_hugging_face(config, "bfloat16", origin);
  for (const char* key : {"architectures", "model_type", "bos_token_id", "eos_token_id", "pad_token_id",
                          "my_note", "sliding_window"})
    EXPECT_EQ(written[key], base[key]) << key;
  EXPECT_EQ(written["rope_parameters"]["rope_theta"], 1e6);
  EXPECT_FALSE(written.contains("rope_theta"));
  EXPECT_EQ(generation_config(origin),
            Json({{"eos_token_id", {128001, 128009}}, {"temperature", 0.6}, {"bos_token_id", 128000}}));
  EXPECT_EQ(generation_config({.bos = 5, .eos = 6}), Json({{"bos_token_id", 5}, {"eos_token_id", 6}}));
}

TEST(ModelConfigJson, FoldersThatAreSomethingElseAreNamed) {
  const std::vector<std::pair<const char*, const char*>> table = {{"adapter_config.json", "adapter"},
                                                                  {"model-Q4_K_M.GGUF", "GGUF"},
                                                                  {"params.json", "Mistral's own layout"}};
  for (const auto& [file, word] : table) {
    const TempFolder folder;
    folder.put(file, "{}");
    const std::string said =
        failure_of([&] { static_cast<void>(model_config_from_hugging_face(folder / "config.json")); });
    EXPECT_TRUE(said.starts_with("66 ")) << said;
    EXPECT_NE(said.find(word), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace film::engine

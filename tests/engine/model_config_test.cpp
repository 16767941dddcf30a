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

text::Tokenizer small_tokenizer() {
  return text::Tokenizer::load(fs::path(FILM_TEST_DATA) / "tokenizer/small.model");
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
      EXPECT_TRUE(said.starts_with("65 ")) << key << " " << wrong << ": " << said;
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
      {"rope_scaling", {{"rope_type", "longrope"}, {"short_factor", {1.0}}, {"long_factor", {2.0}}}},
      {"rope_scaling", {{"rope_type", "yarn"}, {"factor", -4.0}}},
      {"rope_scaling", {{"rope_type", "yarn"}, {"factor", 4.0}, {"llama_4_scaling_beta", 0.1}}},
      {"rope_scaling", {{"rope_type", "linear"}}},
      {"rope_scaling", {{"type", "dynamic"}, {"factor", 2.0}}},
      {"rope_scaling", {{"type", "linear"}, {"factor", "2"}}},
      {"rope_scaling", {{"type", "default"}, {"partial_rotary_factor", 0.25}}},
      {"rope_parameters", {{"full_attention", {{"rope_type", "default"}}}}},
      {"rope_parameters", {{"rope_type", "llama3"}, {"rope_theta", 5e5}}},
      {"rope_scaling", {{"rope_type", nullptr}, {"factor", 4.0}}},
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
  Json unclear = with("use_sliding_window", false);  // transformers and others differ
  unclear["sliding_window"] = 8;
  EXPECT_TRUE(failure(unclear).starts_with("65 ")) << failure(unclear);
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

TEST(ModelConfigJson, ScaledRopeIsReadInBothLayouts) {
  const Json yarn = {{"rope_type", "yarn"},
                     {"rope_theta", 2e4},
                     {"factor", nullptr},
                     {"original_max_position_embeddings", 16}};
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const ModelConfig config = read(with(key, yarn));
    EXPECT_EQ(config.rope.type, RopeType::yarn);
    EXPECT_EQ(config.rope_theta, 2e4);
    EXPECT_EQ(config.rope.factor, 4) << "64 / 16";
    EXPECT_NEAR(config.rope.attention_factor, 1.1386, 1e-4);
    EXPECT_EQ(read(to_hugging_face(config, "float32", {.config = with(key, yarn)})).rope.factor, 4);
  }
  EXPECT_EQ(read(with("rope_scaling", {{"type", "linear"}, {"factor", 2}})).rope.factor, 2);
  Json both = with("rope_scaling", yarn);
  both["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 1e6}};
  EXPECT_TRUE(failure(both).starts_with("65 ")) << failure(both);
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
      {"mistral", Json::object(), 4096},
      {"mistral", {{"sliding_window", nullptr}, {"use_sliding_window", false}}, 0},
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
  FolderOrigin origin = FolderOrigin::of(folder.path(), small_tokenizer());
  origin.eos = 128009;
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
  origin.eos = 9;  // an answer was trained to end with it
  EXPECT_EQ(generation_config(origin)["eos_token_id"], Json({128001, 128009, 9}));
  origin.generation = {{"eos_token_id", 5}};
  EXPECT_EQ(generation_config(origin)["eos_token_id"], Json({5, 9}));
  origin.generation = {{"eos_token_id", nullptr}};
  EXPECT_EQ(generation_config(origin)["eos_token_id"], 9);
  EXPECT_EQ(generation_config({.bos = 5, .eos = 6}), Json({{"bos_token_id", 5}, {"eos_token_id", 6}}));
}

TEST(ModelConfigJson, FilesBesideTheWeightsAreObjectsOrBadData) {
  for (const char* file : {"config.json", "generation_config.json", "tokenizer_config.json"})
    for (const char* content : {"[]", "null", "7", "\"x\"", "{",
                                "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"}) {
      const TempFolder folder;
      folder.put("config.json", to_pretty(good()));
      folder.put(file, content);
      const std::string said =
          failure_of([&] { static_cast<void>(FolderOrigin::of(folder.path(), small_tokenizer())); });
      EXPECT_TRUE(said.starts_with("65 ")) << content << ": " << said;
      EXPECT_NE(said.find(file), std::string::npos) << said;
    }
}

TEST(ModelConfigJson, TheTokenizersFilesTravelUnlessTheyAreAnothers) {
  const TempFolder folder;
  folder.put("config.json", to_pretty(good()));
  folder.put("tokenizer.json", "{\"model\": {}}");
  folder.put("special_tokens_map.json", "{}");
  folder.put("tokenizer_config.json", R"({"chat_template": "x"})");
  folder.put("README.md", "not of the tokenizer");
  FolderOrigin origin = FolderOrigin::of(folder.path(), small_tokenizer());
  EXPECT_EQ(origin.files.size(), 3u);
  EXPECT_EQ(origin.files["tokenizer.json"], "{\"model\": {}}");
  EXPECT_TRUE(origin.has_chat_template());
  EXPECT_EQ(origin.bos, small_tokenizer().bos());
  folder.put("tokenizer.model", read_file(fs::path(FILM_TEST_DATA) / "tokenizer/small.model"));
  EXPECT_EQ(FolderOrigin::of(folder.path(), small_tokenizer()).files.size(), 3u);
  folder.put("tokenizer.model", "another");
  EXPECT_TRUE(FolderOrigin::of(folder.path(), small_tokenizer()).files.empty());
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

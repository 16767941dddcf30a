#include "film/engine/yarn.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/json.h"

namespace film::engine {
namespace {

Json tiny() {
  return {{"model_type", "mistral"},  {"vocab_size", 64},
          {"hidden_size", 32},        {"intermediate_size", 64},
          {"num_hidden_layers", 1},   {"num_attention_heads", 2},
          {"num_key_value_heads", 1}, {"max_position_embeddings", 512},
          {"rope_theta", 1e4},        {"rms_norm_eps", 1e-6}};
}

// The same as the model would be with the scaling in its own config.json.
TEST(Yarn, IsWhatConfigJsonWouldSay) {
  support::TempFolder folder;
  const fs::path plain = folder.put("plain.json", to_line(tiny()));
  for (const double factor : {2.0, 4.0, 1.5}) {
    Json own = tiny();
    own["max_position_embeddings"] = static_cast<int>(512 * factor);
    own["rope_scaling"] = {
        {"rope_type", "yarn"}, {"factor", factor}, {"original_max_position_embeddings", 512}};
    const ModelConfig wanted = model_config_from_hugging_face(folder.put("own.json", to_line(own)));
    const ModelConfig made = config_with_yarn(plain, factor);
    EXPECT_EQ(made.max_position_embeddings, wanted.max_position_embeddings);
    EXPECT_EQ(made.rope.type, wanted.rope.type);
    EXPECT_EQ(made.rope.factor, wanted.rope.factor);
    EXPECT_EQ(made.rope.original, wanted.rope.original);
    EXPECT_EQ(made.rope.attention_factor, wanted.rope.attention_factor);
    EXPECT_EQ(made.rope.beta_fast, wanted.rope.beta_fast);
    EXPECT_EQ(made.rope.beta_slow, wanted.rope.beta_slow);
    EXPECT_EQ(made.rope.truncate, wanted.rope.truncate);
    EXPECT_EQ(made.rope_theta, wanted.rope_theta);
  }
  EXPECT_EQ(config_with_yarn(plain, 1).rope.type, RopeType::unscaled);
  const std::string said = support::failure_of([&] { config_with_yarn(folder / "own.json", 2); });
  EXPECT_TRUE(said.starts_with("78 ")) << said;
  EXPECT_EQ(config_with_yarn(folder / "own.json", 1).max_position_embeddings, 768) << "its own scaling stays";
}

}  // namespace
}  // namespace film::engine

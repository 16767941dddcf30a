#include "film/engine/yarn.h"

#include <cmath>

#include "film/base/error.h"

namespace film::engine {

ModelConfig config_with_yarn(const fs::path& config_json, double factor) {
  ModelConfig config = model_config_from_hugging_face(config_json);
  if (factor == 1) return config;
  if (config.rope.type != RopeType::unscaled)
    throw config_error(config_json.string() + " has a RoPE scaling of its own, and yarn_factor is set",
                       "leave yarn_factor at 1");
  const auto window = static_cast<double>(config.max_position_embeddings);
  config.rope = {.type = RopeType::yarn, .factor = factor, .original = window};
  config.rope.attention_factor = 0.1 * std::log(factor) + 1;
  config.max_position_embeddings = static_cast<std::int64_t>(std::lround(window * factor));
  return config;
}

}  // namespace film::engine

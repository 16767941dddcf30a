#include "film/engine/known_models.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "film/base/strings.h"

namespace film::engine {
namespace {

struct Shape {
  std::string_view name;
  std::int64_t vocab, hidden, intermediate, layers, heads, key_heads, head, positions, window;
  double theta;
};

constexpr std::array kShapes = {
    Shape{"mistral-7b-v0.1", 32000, 4096, 14336, 32, 32, 8, 128, 32768, 4096, 1e4},
    Shape{"mistral-7b-instruct-v0.1", 32000, 4096, 14336, 32, 32, 8, 128, 32768, 4096, 1e4},
    Shape{"mistral-7b-v0.2", 32000, 4096, 14336, 32, 32, 8, 128, 32768, 0, 1e6},
    Shape{"mistral-7b-instruct-v0.2", 32000, 4096, 14336, 32, 32, 8, 128, 32768, 0, 1e6},
    Shape{"film-7b", 32000, 4096, 14336, 32, 32, 8, 128, 32768, 0, 1e6},
    Shape{"mistral-7b-v0.3", 32768, 4096, 14336, 32, 32, 8, 128, 32768, 0, 1e6},
    Shape{"mistral-7b-instruct-v0.3", 32768, 4096, 14336, 32, 32, 8, 128, 32768, 0, 1e6},
    Shape{"llama-2-7b-hf", 32000, 4096, 11008, 32, 32, 32, 128, 4096, 0, 1e4},
    Shape{"llama-2-7b-chat-hf", 32000, 4096, 11008, 32, 32, 32, 128, 4096, 0, 1e4},
    Shape{"tinyllama-1.1b-chat-v1.0", 32000, 2048, 5632, 22, 32, 4, 64, 2048, 0, 1e4},
};

}  // namespace

std::optional<ModelConfig> known_model(const fs::path& folder) {
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  const auto found = std::ranges::find(kShapes, to_lower_ascii(named.filename().string()), &Shape::name);
  if (found == kShapes.end()) return std::nullopt;
  ModelConfig config;
  config.vocab_size = found->vocab;
  config.hidden_size = found->hidden;
  config.intermediate_size = found->intermediate;
  config.num_hidden_layers = found->layers;
  config.num_attention_heads = found->heads;
  config.num_key_value_heads = found->key_heads;
  config.head_dim = found->head;
  config.max_position_embeddings = found->positions;
  config.sliding_window = found->window;
  config.rope_theta = found->theta;
  return config;
}

}  // namespace film::engine

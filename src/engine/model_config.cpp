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

std::int64_t ModelConfig::layer_parameters() const {
  const std::int64_t attention = hidden_size * 2 * (query_width() + key_width());
  return attention + 3 * hidden_size * intermediate_size + 2 * hidden_size;
}

std::int64_t ModelConfig::parameters() const {
  const std::int64_t embeddings = vocab_size * hidden_size * (tie_word_embeddings ? 1 : 2);
  return num_hidden_layers * layer_parameters() + embeddings + hidden_size;
}

std::string ModelConfig::summary() const {
  const auto count = static_cast<double>(parameters());
  const std::string size = count < 1e6   ? fmt::format("{:.1f} K", count / 1e3)
                           : count < 1e9 ? fmt::format("{:.2f} M", count / 1e6)
                                         : fmt::format("{:.2f} B", count / 1e9);
  return fmt::format("Mistral, {} layers, width {}, {} parameters", num_hidden_layers, hidden_size, size);
}

void InitSettings::describe(Fields& f) {
  f.add("linear_std", linear_std, "standard deviation of linear layers; 0 = 1/sqrt(fan_in)").range(0, 10);
  f.add("embedding_std", embedding_std, "standard deviation of the embedding").range(0, 10);
  f.add("embedding_shared_std", embedding_shared_std, "of one random vector added to every embedding row")
      .range(0, 10);
  f.add("head", head, "output head of an untied model");
}

}  // namespace film::engine

#include "film/model/tensors.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "film/base/random.h"

namespace film::model {
namespace {

constexpr const char* kEmbedding = "model.embed_tokens.weight";

ModelTensors make(const engine::ModelConfig& c, const std::function<Tensor(at::IntArrayRef)>& tensor) {
  const std::int64_t D = c.hidden_size, F = c.intermediate_size;
  ModelTensors t;
  t.embedding_VD = tensor({c.vocab_size, D});
  for (std::int64_t i = 0; i < c.num_hidden_layers; ++i)
    t.layers.push_back({.attention_norm_D = tensor({D}),
                        .query_AD = tensor({c.query_width(), D}),
                        .key_value_KD = tensor({2 * c.key_width(), D}),
                        .output_DA = tensor({D, c.query_width()}),
                        .mlp_norm_D = tensor({D}),
                        .gate_up_GD = tensor({2 * F, D}),
                        .down_DF = tensor({D, F})});
  t.norm_D = tensor({D});
  t.head_VD = c.tie_word_embeddings ? t.embedding_VD : tensor({c.vocab_size, D});
  return t;
}

// Fills rows with normal numbers keyed by (seed, name, row), in parallel; the item number is the row.
void fill_normal(Tensor& x, double std, std::uint64_t seed, const std::string& name) {
  const std::int64_t rows = x.size(0), width = x.numel() / rows;
  auto* data = x.mutable_data_ptr<float>();
  at::parallel_for(0, rows, 1 + 4096 / width, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      Random random(seed, "init." + name, static_cast<std::uint64_t>(r));
      for (std::int64_t i = r * width; i < (r + 1) * width; ++i)
        data[i] = static_cast<float>(std * random.normal());
    }
  });
}

}  // namespace

ModelTensors empty_tensors(const engine::ModelConfig& config, const at::TensorOptions& options) {
  return make(config, [&](at::IntArrayRef shape) { return at::empty(shape, options); });
}

ModelTensors zero_tensors(const engine::ModelConfig& config, const at::TensorOptions& options) {
  return make(config, [&](at::IntArrayRef shape) { return at::zeros(shape, options); });
}

ModelTensors shapes_of(const engine::ModelConfig& config) {
  return make(config, [&](at::IntArrayRef shape) { return at::empty(shape, at::device(at::kMeta)); });
}

void for_each_parameter(const ModelTensors& t, const engine::ModelConfig& c,
                        const std::function<void(const std::string&, Tensor, ParameterKind)>& use) {
  use(kEmbedding, t.embedding_VD, ParameterKind::embedding);
  for (std::size_t i = 0; i < t.layers.size(); ++i) {
    const LayerTensors& layer = t.layers[i];
    const std::string name = "model.layers." + std::to_string(i) + ".";
    const auto key_value = layer.key_value_KD.split(c.key_width());
    const auto gate_up = layer.gate_up_GD.split(c.intermediate_size);
    use(name + "input_layernorm.weight", layer.attention_norm_D, ParameterKind::norm);
    use(name + "self_attn.q_proj.weight", layer.query_AD, ParameterKind::linear);
    use(name + "self_attn.k_proj.weight", key_value[0], ParameterKind::linear);
    use(name + "self_attn.v_proj.weight", key_value[1], ParameterKind::linear);
    use(name + "self_attn.o_proj.weight", layer.output_DA, ParameterKind::linear);
    use(name + "post_attention_layernorm.weight", layer.mlp_norm_D, ParameterKind::norm);
    use(name + "mlp.gate_proj.weight", gate_up[0], ParameterKind::linear);
    use(name + "mlp.up_proj.weight", gate_up[1], ParameterKind::linear);
    use(name + "mlp.down_proj.weight", layer.down_DF, ParameterKind::linear);
  }
  use("model.norm.weight", t.norm_D, ParameterKind::norm);
  if (!c.tie_word_embeddings) use("lm_head.weight", t.head_VD, ParameterKind::head);
}

Tensor initial_value(const engine::ModelConfig& config, const engine::InitSettings& init, std::uint64_t seed,
                     const std::string& name, at::IntArrayRef shape, ParameterKind kind) {
  if (kind == ParameterKind::norm) return at::ones(shape);
  if (kind == ParameterKind::head && init.head == "copy")
    return initial_value(config, init, seed, kEmbedding, shape, ParameterKind::embedding);
  const double fan_in = static_cast<double>(shape.back());
  const double linear = init.linear_std > 0 ? init.linear_std : 1 / std::sqrt(fan_in);
  Tensor x = at::empty(shape);
  fill_normal(x, kind == ParameterKind::embedding ? init.embedding_std : linear, seed, name);
  if (kind == ParameterKind::embedding && init.embedding_shared_std > 0) {
    Tensor shared = at::empty({1, config.hidden_size});
    fill_normal(shared, init.embedding_shared_std, seed, "shared");
    x += shared;
  }
  return x;
}

ModelTensors initialise(const engine::ModelConfig& config, const engine::InitSettings& init,
                        std::uint64_t seed) {
  ModelTensors tensors = empty_tensors(config, at::kFloat);
  for_each_parameter(tensors, config, [&](const std::string& name, const Tensor& x, ParameterKind kind) {
    x.copy_(initial_value(config, init, seed, name, x.sizes(), kind));
  });
  return tensors;
}

}  // namespace film::model

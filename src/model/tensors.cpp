#include <ATen/Parallel.h>

#include <cmath>

#include "film/base/random.h"
#include "film/model/flat_memory.h"
#include "make_tensors.h"

namespace film::model {
namespace {

using engine::InitSettings;
using engine::ModelConfig;

constexpr const char* kEmbedding = "model.embed_tokens.weight";

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

ModelTensors make_tensors(const ModelConfig& c, const Allocate& ends,
                          const std::function<Allocate(std::int64_t layer)>& layer) {
  const std::int64_t D = c.hidden_size, F = c.intermediate_size;
  ModelTensors t;
  t.embedding_VD = ends({c.vocab_size, D});
  for (std::int64_t i = 0; i < c.num_hidden_layers; ++i) {
    const Allocate tensor = layer(i);
    t.layers.push_back({.attention_norm_D = tensor({D}),
                        .query = {tensor({c.query_width(), D})},
                        .key_value = {tensor({2 * c.key_width(), D})},
                        .output = {tensor({D, c.query_width()})},
                        .mlp_norm_D = tensor({D}),
                        .gate_up = {tensor({2 * F, D})},
                        .down = {tensor({D, F})}});
  }
  t.norm_D = ends({D});
  t.head = {c.tie_word_embeddings ? t.embedding_VD : ends({c.vocab_size, D})};
  return t;
}

std::int64_t aligned(std::int64_t elements, std::int64_t to) { return (elements + to - 1) / to * to; }

Tensor Cursor::operator()(at::IntArrayRef shape) {
  const std::int64_t begin = next_, n = c10::multiply_integers(shape);
  next_ += aligned(n);
  flat_.narrow(0, begin + n, next_ - begin - n).zero_();
  return flat_.narrow(0, begin, n).view(shape);
}

void Cursor::zero_rest() { flat_.narrow(0, next_, flat_.numel() - next_).zero_(); }

Tensor Counter::operator()(at::IntArrayRef shape) {
  elements += aligned(c10::multiply_integers(shape));
  return {};
}

namespace {

// All in one, in order.
template <class To>
ModelTensors make_in(const ModelConfig& config, To& memory) {
  const Allocate next = [&memory](at::IntArrayRef shape) { return memory(shape); };
  return make_tensors(config, next, [&](std::int64_t) { return next; });
}

ModelTensors views_of(const ModelConfig& config, const Tensor& flat) {
  Cursor cursor(flat);
  ModelTensors tensors = make_in(config, cursor);
  cursor.zero_rest();
  tensors.flat = flat;
  return tensors;
}

}  // namespace

std::int64_t flat_elements(int slices, const ModelConfig& config) {
  Counter counter;
  make_in(config, counter);
  return aligned(counter.elements, kTensorAlignment * slices);
}

ModelTensors empty_tensors_for(int slices, const ModelConfig& config, const at::TensorOptions& options) {
  return views_of(config, at::empty({flat_elements(slices, config)}, options));
}

ModelTensors zero_tensors_for(int slices, const ModelConfig& config, const at::TensorOptions& options) {
  return views_of(config, at::zeros({flat_elements(slices, config)}, options));
}

ModelTensors empty_tensors(const ModelConfig& config, const at::TensorOptions& options) {
  return empty_tensors_for(1, config, options);
}

ModelTensors zero_tensors(const ModelConfig& config, const at::TensorOptions& options) {
  return zero_tensors_for(1, config, options);
}

void for_each_tensor(ModelTensors& t, const std::function<void(Tensor&)>& use) {
  const bool tied = t.head.weight_OI.is_same(t.embedding_VD);
  use(t.embedding_VD);
  for (LayerTensors& l : t.layers)
    for (Tensor* x : {&l.attention_norm_D, &l.query.weight_OI, &l.key_value.weight_OI, &l.output.weight_OI,
                      &l.mlp_norm_D, &l.gate_up.weight_OI, &l.down.weight_OI})
      use(*x);
  use(t.norm_D);
  if (tied)
    t.head.weight_OI = t.embedding_VD;
  else
    use(t.head.weight_OI);
}

void for_each_parameter(const ModelTensors& t, const ModelConfig& c,
                        const std::function<void(const std::string&, Tensor, ParameterKind)>& use) {
  use(kEmbedding, t.embedding_VD, ParameterKind::embedding);
  for (std::size_t i = 0; i < t.layers.size(); ++i) {
    const LayerTensors& layer = t.layers[i];
    const std::string name = "model.layers." + std::to_string(i) + ".";
    const auto key_value = layer.key_value.weight_OI.split(c.key_width());
    const auto gate_up = layer.gate_up.weight_OI.split(c.intermediate_size);
    use(name + "input_layernorm.weight", layer.attention_norm_D, ParameterKind::norm);
    use(name + "self_attn.q_proj.weight", layer.query.weight_OI, ParameterKind::linear);
    use(name + "self_attn.k_proj.weight", key_value[0], ParameterKind::linear);
    use(name + "self_attn.v_proj.weight", key_value[1], ParameterKind::linear);
    use(name + "self_attn.o_proj.weight", layer.output.weight_OI, ParameterKind::linear);
    use(name + "post_attention_layernorm.weight", layer.mlp_norm_D, ParameterKind::norm);
    use(name + "mlp.gate_proj.weight", gate_up[0], ParameterKind::linear);
    use(name + "mlp.up_proj.weight", gate_up[1], ParameterKind::linear);
    use(name + "mlp.down_proj.weight", layer.down.weight_OI, ParameterKind::linear);
  }
  use("model.norm.weight", t.norm_D, ParameterKind::norm);
  if (!c.tie_word_embeddings) use("lm_head.weight", t.head.weight_OI, ParameterKind::head);
}

std::optional<std::size_t> layer_of(const std::string& parameter) {
  constexpr std::string_view kBeginning = "model.layers.";
  if (!parameter.starts_with(kBeginning)) return std::nullopt;
  return std::stoul(parameter.substr(kBeginning.size()));
}

Tensor initial_value(const InitSettings& init, std::uint64_t seed, const std::string& name,
                     at::IntArrayRef shape, ParameterKind kind) {
  if (kind == ParameterKind::norm) return at::ones(shape);
  if (kind == ParameterKind::head && init.head == engine::HeadInit::copy)
    return initial_value(init, seed, kEmbedding, shape, ParameterKind::embedding);
  const double fan_in = static_cast<double>(shape.back());
  const double linear = init.linear_std > 0 ? init.linear_std : 1 / std::sqrt(fan_in);
  Tensor x = at::empty(shape);
  fill_normal(x, kind == ParameterKind::embedding ? init.embedding_std : linear, seed, name);
  if (kind == ParameterKind::embedding && init.embedding_shared_std > 0) {
    Tensor shared = at::empty({1, shape.back()});
    fill_normal(shared, init.embedding_shared_std, seed, "shared");
    x += shared;
  }
  return x;
}

ModelTensors initialise(const ModelConfig& config, const InitSettings& init, std::uint64_t seed) {
  ModelTensors tensors = empty_tensors(config, at::kFloat);
  for_each_parameter(tensors, config, [&](const std::string& name, const Tensor& x, ParameterKind kind) {
    x.copy_(initial_value(init, seed, name, x.sizes(), kind));
  });
  return tensors;
}

}  // namespace film::model

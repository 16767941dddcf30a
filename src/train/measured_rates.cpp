#include "measured_rates.h"

#include <algorithm>
#include <chrono>

#include "film/kernels/device.h"
#include "film/kernels/kernels.h"
#include "film/model/attention.h"

namespace film::train {
namespace {

using at::Tensor;

constexpr std::int64_t kCpuTile = 2048;  // a CPU's attention is as fast on longer ones, but takes long

// Seconds that one call of `work` takes, the fastest of a few.
template <class Work>
double seconds(const at::Device& device, const Work& work) {
  double best = 1e30;
  for (int i = 0; i < 3; ++i) {
    kernels::synchronise(device);
    const auto start = std::chrono::steady_clock::now();
    work();
    kernels::synchronise(device);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

// Products with random numbers: on ones a GPU draws less power and is faster. The feed-forward's shape is most of them.
void measure_products(engine::Rates& rates, const engine::ModelConfig& c, const at::TensorOptions& options) {
  const at::Device device = options.device();
  const std::int64_t rows =
      engine::slice_rows(device.is_cuda() ? engine::DeviceKind::gpu : engine::DeviceKind::cpu);
  const Tensor x = at::randn({rows, c.hidden_size}, options),
               w = at::randn({2 * c.intermediate_size, c.hidden_size}, options),
               dy = at::randn({rows, 2 * c.intermediate_size}, options);
  Tensor sum = at::zeros(w.sizes(), options.dtype(kernels::opmath_type(w)));
  const double flops = 2.0 * static_cast<double>(rows) * static_cast<double>(w.numel());
  const double forward = seconds(device, [&] { at::mm(x, w.t()); }),
               back = seconds(device, [&] { at::mm(dy, w); });
  rates.products = 2 * flops / (forward + back);
  rates.weight_gradients = flops / seconds(device, [&] { kernels::accumulate_weight_gradient(sum, dy, x); });
}

void measure_attention(engine::Rates& rates, const engine::ModelConfig& c, const at::TensorOptions& options,
                       std::int64_t tile) {
  const at::Device device = options.device();
  const std::int64_t rows = device.is_cuda() ? tile : std::min(tile, kCpuTile);
  const Tensor q = at::randn({rows, c.num_attention_heads, c.head_dim}, options), dout = at::randn_like(q),
               kv = at::randn({rows, 2 * c.num_key_value_heads, c.head_dim}, options);
  const auto halves = kv.chunk(2, 1);
  const model::AttentionPlan causal = {{{0, rows}, {0, rows}, true}};
  Tensor out, lse;
  const double forward = seconds(device, [&] {
    out = lse = Tensor();
    model::attention_forward(q, halves[0], halves[1], causal, out, lse);
  });
  const double backward = seconds(device, [&] { model::attention_gradients(dout, q, kv, out, lse, causal); });
  const auto r = static_cast<double>(rows);
  const double flops = 2 * r * (r + 1) * static_cast<double>(c.query_width());
  rates.attention_forward = flops / forward;
  rates.attention_backward = 2.5 * flops / backward;
}

void measure_copies(engine::Rates& rates, const at::TensorOptions& options) {
  const at::Device device = options.device();
  const std::int64_t bytes = std::int64_t{device.is_cuda() ? 1 << 30 : 1 << 27};
  const Tensor from = at::zeros({bytes}, options.dtype(at::kByte)), to = at::empty_like(from);
  rates.memory = 2 * static_cast<double>(bytes) / seconds(device, [&] { Tensor(to).copy_(from); });
  if (!device.is_cuda()) return;
  constexpr std::int64_t kPinned = 1 << 28;
  Tensor host = at::zeros({kPinned}, at::kByte);
  const auto pinned = kernels::pin(host);
  rates.link = kPinned / seconds(device, [&] { host.copy_(from.narrow(0, 0, kPinned), true); });
}

}  // namespace

engine::Rates measured_rates(const engine::ModelConfig& config, const at::TensorOptions& options,
                             std::int64_t tile) {
  engine::Rates rates;
  measure_products(rates, config, options);
  measure_attention(rates, config, options, std::max<std::int64_t>(1, tile));
  measure_copies(rates, options);
  return rates;
}

}  // namespace film::train

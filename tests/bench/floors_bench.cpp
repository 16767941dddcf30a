// What a training step of a 7B model is made of, as fast as this GPU does it: matrix products of the true
// shapes, attention by cuDNN and by flash from 4K to 32K (and what the first call of a length costs), film's own
// kernels, copies from and to pinned memory, one way and both at once. One line of JSON each. The plan's predictions rest on these numbers.
//
//   film_bench_floors         69 without a GPU
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

#include "../../src/model/attention_tiles.h"
#include "film/base/json.h"
#include "film/kernels/device.h"
#include "film/kernels/kernels.h"

namespace film {
namespace {

using at::Tensor;

const at::Device kGpu(at::kCUDA, 0);
const auto kBf16 = at::device(kGpu).dtype(at::kBFloat16);

template <class Work>
double seconds(const Work& work) {
  kernels::synchronise(kGpu);
  const auto start = std::chrono::steady_clock::now();
  work();
  kernels::synchronise(kGpu);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class Work>
double best(const Work& work) {
  double least = seconds(work);
  for (int i = 0; i < 5; ++i) least = std::min(least, seconds(work));
  return least;
}

void say(const Json& row) {
  std::puts(to_line(row).c_str());
  std::fflush(stdout);
}

double tera(double flops, double time) { return flops / time / 1e12; }

void products() {
  for (const std::int64_t rows : {1024, 8192, 32768})
    for (const auto& [name, in, out] : {std::tuple{"query", 4096, 4096},
                                        {"key_value", 4096, 2048},
                                        {"gate_up", 4096, 28672},
                                        {"down", 14336, 4096}}) {
      const Tensor x = at::randn({rows, in}, kBf16), w = at::randn({out, in}, kBf16),
                   dy = at::randn({rows, out}, kBf16);
      Tensor sum = at::zeros({out, in}, kBf16.dtype(at::kFloat));
      const double flops = 2.0 * static_cast<double>(rows) * in * out;
      say({{"product", name},
           {"rows", rows},
           {"forward_tflops", tera(flops, best([&] { at::mm(x, w.t()); }))},
           {"input_gradient_tflops", tera(flops, best([&] { at::mm(dy, w); }))},
           {"weight_gradient_tflops",
            tera(flops, best([&] { kernels::accumulate_weight_gradient(sum, dy, x); }))}});
    }
}

void attention() {
  for (const std::int64_t rows : {4096, 8192, 16384, 32768})
    for (const bool padded : {true, false}) {  // a padded length goes to cuDNN where that is used
      const std::int64_t T = padded ? rows : rows - 3;
      const Tensor q = at::randn({T, 32, 128}, kBf16), kv = at::randn({T, 16, 128}, kBf16),
                   k = kv.narrow(1, 0, 8), v = kv.narrow(1, 8, 8), dout = at::randn({T, 32, 128}, kBf16);
      const model::Tile tile{{0, T}, {0, T}, true};
      model::TileOutput y;
      const double first_forward = seconds([&] { y = model::tile_forward(q, k, v, tile); });
      const Tensor out = y.out_qNH.contiguous(), lse = y.lse_qN.contiguous();
      const auto backward = [&] { model::tile_backward(dout, q, k, v, out, lse, tile); };
      const double first_backward = seconds(backward),
                   forward_time = best([&] { model::tile_forward(q, k, v, tile); }),
                   backward_time = best(backward);
      const double flops = 2.0 * static_cast<double>(T) * static_cast<double>(T) * 32 * 128;  // causal
      say({{"attention", model::backend_of(q, tile) == model::TileBackend::cudnn ? "cudnn" : "flash"},
           {"rows", T},
           {"forward_tflops", tera(flops, forward_time)},
           {"backward_tflops", tera(2.5 * flops, backward_time)},
           {"first_forward_ms", 1e3 * (first_forward - forward_time)},
           {"first_backward_ms", 1e3 * (first_backward - backward_time)}});
    }
}

// Bytes that a kernel has to move, over its time.
void kernel_rate(const char* name, double bytes, const std::function<void()>& work) {
  say({{"kernel", name}, {"gbs", bytes / best(work) / 1e9}});
}

void memory_bound() {
  constexpr std::int64_t T = 32768, D = 4096, F = 14336, kSlice = 8192, kParameters = 1 << 28;
  const auto fp32 = kBf16.dtype(at::kFloat);
  const double U = 2.0 * T * D;
  {
    Tensor x = at::randn({T, D}, kBf16), y = at::empty_like(x), dx = at::zeros_like(x),
           w = at::ones({D}, kBf16), rstd = at::empty({T}, fp32), dw = at::zeros({D}, fp32);
    kernel_rate("rms_norm_forward", 2 * U, [&] { kernels::rms_norm_forward(x, w, 1e-5, y, rstd); });
    kernel_rate("rms_norm_backward", 4 * U, [&] { kernels::rms_norm_backward(y, x, w, rstd, dx, dw); });
    const Tensor angle = at::rand({T, 64}, fp32);
    kernel_rate("rope", 2 * U, [&] { kernels::rope(x.view({T, 32, 128}), angle, angle, false); });
  }
  {
    const Tensor gate_up = at::randn({kSlice, 2 * F}, kBf16);
    Tensor out = at::randn({kSlice, F}, kBf16), dgate_up = at::empty_like(gate_up);
    const double one = 2.0 * kSlice * F;
    kernel_rate("swiglu_forward", 3 * one, [&] { kernels::swiglu_forward(gate_up, out); });
    kernel_rate("swiglu_backward", 6 * one, [&] { kernels::swiglu_backward(out, gate_up, dgate_up); });
  }
  Tensor weight = at::zeros({kParameters}, kBf16),
         remainder = at::zeros({kParameters}, kBf16.dtype(at::kShort)),
         gradient = at::ones({kParameters}, fp32), m = at::zeros_like(gradient), v = at::zeros_like(gradient);
  kernel_rate("adamw_split", 28.0 * kParameters, [&] {
    kernels::adamw_split(weight, remainder, gradient, m, v, {1e-6, 0.9, 0.999, 1e-8, 0, 1, 1});
  });
}

void copies() {
  constexpr std::int64_t kBytes = std::int64_t{1} << 30;
  Tensor host = at::zeros({kBytes}, at::kByte), gpu = at::zeros({kBytes}, kBf16.dtype(at::kByte));
  const double plain = best([&] { gpu.copy_(host); });
  kernels::synchronise(kGpu);
  const auto start = std::chrono::steady_clock::now();
  const auto pinned = kernels::pin(host);
  const double pinning = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double in = best([&] { gpu.copy_(host, true); }), out = best([&] { host.copy_(gpu, true); });
  // Half of it there and half of it back, on a stream each.
  const c10::impl::VirtualGuardImpl streams(at::kCUDA);
  const c10::Stream there = streams.getStreamFromGlobalPool(kGpu),
                    back = streams.getStreamFromGlobalPool(kGpu);
  const double both = best([&] {
    {
      const c10::StreamGuard guard(there);
      gpu.narrow(0, 0, kBytes / 2).copy_(host.narrow(0, 0, kBytes / 2), true);
    }
    const c10::StreamGuard guard(back);
    host.narrow(0, kBytes / 2, kBytes / 2).copy_(gpu.narrow(0, kBytes / 2, kBytes / 2), true);
  });
  say({{"copies", "1 GiB"},
       {"both_ways_gbs", kBytes / both / 1e9},
       {"pin_seconds", pinning},
       {"pageable_to_gpu_gbs", kBytes / plain / 1e9},
       {"to_gpu_gbs", kBytes / in / 1e9},
       {"from_gpu_gbs", kBytes / out / 1e9}});
}

}  // namespace
}  // namespace film

int main() {
  const film::kernels::CudaState& state = film::kernels::open_cuda();
  if (!state.usable()) {
    std::fprintf(stderr, "error: no GPU: %s\n  what to do: %s\n", state.what.c_str(), state.remedy.c_str());
    return 69;
  }
  try {
    const film::kernels::DeviceFacts facts = film::kernels::device_facts(film::kGpu);
    film::say({{"gpu",
                {{"name", facts.name},
                 {"capability", facts.capability},
                 {"driver", facts.driver},
                 {"runtime", facts.runtime},
                 {"nccl", facts.nccl},
                 {"memory", facts.memory},
                 {"free", facts.free}}}});
    film::products();
    film::attention();
    film::memory_bound();
    film::copies();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %.400s\n", error.what());
    return 1;
  }
}

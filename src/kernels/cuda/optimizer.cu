// AdamW, split masters, the squared norm. Compiled without contraction to fused multiply-adds: memory sets
// the pace, and a step gives the bits that the CPU reference gives.
#include "../element_math.h"
#include "device.cuh"

namespace film::cuda {
namespace {

using kernels::AdamMath;

template <class T, int W>
__global__ void step_plain(T* weight, const T* gradient, T* m, T* v, AdamMath<T> step, Size n) {
  for (Size i = thread_number() * W; i < n; i += thread_count() * W) {
    auto w_pack = load<W>(weight + i), m_pack = load<W>(m + i), v_pack = load<W>(v + i);
    const auto g_pack = load<W>(gradient + i);
    for (int k = 0; k < W; ++k) w_pack.at[k] = step(w_pack.at[k], g_pack.at[k], m_pack.at[k], v_pack.at[k]);
    store<W>(weight + i, w_pack);
    store<W>(m + i, m_pack);
    store<W>(v + i, v_pack);
  }
}

template <int W>
__global__ void step_split(std::uint16_t* high, std::int16_t* low, const float* gradient, float* m, float* v,
                           AdamMath<float> step, Size n) {
  for (Size i = thread_number() * W; i < n; i += thread_count() * W) {
    auto h_pack = load<W>(high + i);
    auto l_pack = load<W>(low + i);
    auto m_pack = load<W>(m + i), v_pack = load<W>(v + i);
    const auto g_pack = load<W>(gradient + i);
    for (int k = 0; k < W; ++k) {
      const float master = kernels::join_bits(h_pack.at[k], l_pack.at[k]);
      kernels::split_bits(step(master, g_pack.at[k], m_pack.at[k], v_pack.at[k]), h_pack.at[k], l_pack.at[k]);
    }
    store<W>(high + i, h_pack);
    store<W>(low + i, l_pack);
    store<W>(m + i, m_pack);
    store<W>(v + i, v_pack);
  }
}

__global__ void split(const float* master, std::uint16_t* high, std::int16_t* low, Size n) {
  for (Size i = thread_number(); i < n; i += thread_count()) kernels::split_bits(master[i], high[i], low[i]);
}

__global__ void join(const std::uint16_t* high, const std::int16_t* low, float* master, Size n) {
  for (Size i = thread_number(); i < n; i += thread_count()) master[i] = kernels::join_bits(high[i], low[i]);
}

// One block sums kNormBlock elements.
template <class T>
__global__ void norm_parts(const T* x, double* partials, Size n) {
  for (Size block = blockIdx.x; block * kNormBlock < n; block += gridDim.x) {
    const Size end = std::min(n, (block + 1) * kNormBlock);
    double sum = 0;
    for (Size i = block * kNormBlock + threadIdx.x; i < end; i += kThreads) {
      const auto element = static_cast<double>(value(x[i]));
      sum += element * element;
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) partials[block] = sum;
  }
}

__global__ void norm_sum(const double* partials, double* total, Size blocks) {
  double sum = 0;
  for (Size i = threadIdx.x; i < blocks; i += kThreads) sum += partials[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) *total += sum;
}

}  // namespace

void adamw(Type type, void* weight, const void* gradient, void* m, void* v, const kernels::AdamStep& s,
           Size n, Stream stream) {
  if (n == 0) return;
  const auto run = [&](auto element) {
    using T = decltype(element);
    const bool wide = is_wide<T>(n, {weight, gradient, m, v});
    launch_flat(wide ? step_plain<T, kWide<T>> : step_plain<T, 1>, flat_blocks(wide ? n / kWide<T> : n),
                stream, static_cast<T*>(weight), static_cast<const T*>(gradient), static_cast<T*>(m),
                static_cast<T*>(v), AdamMath<T>(s), n);
  };
  type == Type::float64 ? run(double()) : run(float());
}

void adamw_split(void* weight, std::int16_t* remainder, const float* gradient, float* m, float* v,
                 const kernels::AdamStep& s, Size n, Stream stream) {
  if (n == 0) return;
  constexpr int kElements = 4;  // 16 bytes of fp32, 8 of bf16 and of remainders
  const bool wide =
      n % kElements == 0 && is_aligned({gradient, m, v}) &&
      (reinterpret_cast<std::uintptr_t>(weight) | reinterpret_cast<std::uintptr_t>(remainder)) % 8 == 0;
  launch_flat(wide ? step_split<kElements> : step_split<1>, flat_blocks(wide ? n / kElements : n), stream,
              static_cast<std::uint16_t*>(weight), remainder, gradient, m, v, AdamMath<float>(s), n);
}

void split_master(const float* master, void* high, std::int16_t* remainder, Size n, Stream stream) {
  if (n > 0)
    launch_flat(split, flat_blocks(n), stream, master, static_cast<std::uint16_t*>(high), remainder, n);
}

void join_master(const void* high, const std::int16_t* remainder, float* master, Size n, Stream stream) {
  if (n > 0)
    launch_flat(join, flat_blocks(n), stream, static_cast<const std::uint16_t*>(high), remainder, master, n);
}

void squared_norm(Type type, const void* x, double* partials, double* sum, Size n, Stream stream) {
  if (n == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    launch_cooperative(norm_parts<T>, row_blocks(norm_blocks(n)), stream, static_cast<const T*>(x), partials,
                       n);
  });
  launch_cooperative(norm_sum, 1, stream, static_cast<const double*>(partials), sum, norm_blocks(n));
}

}  // namespace film::cuda

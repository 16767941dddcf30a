// Rotary positions, SwiGLU and the merge of partial attentions. Threads walk over a flat index in 64 bits:
// 32K rows x 28,672 columns are near 2^30 already.
#include "device.cuh"

namespace film::cuda {
namespace {

// A thread takes W neighbouring pairs (i, i + half) of one head.
template <class T, int W>
__global__ void rotate(T* x, Size row, Size head, const sum_of<T>* cos, const sum_of<T>* sin, sum_of<T> sign,
                       Size rows, Size N, Size half) {
  using S = sum_of<T>;
  const Size groups = half / W;
  for (Size at = thread_number(); at < rows * N * groups; at += thread_count()) {
    const Size head_number = quotient(at, groups), i = (at - head_number * groups) * W,
               t = quotient(head_number, N), n = head_number - t * N;
    T* first = x + t * row + n * head + i;
    T* second = first + half;
    auto a = load<W>(first), b = load<W>(second);
    for (int w = 0; w < W; ++w) {
      const S c = cos[t * half + i + w], s = sign * sin[t * half + i + w];
      const S left = value(a.at[w]), right = value(b.at[w]);
      a.at[w] = rounded<T>(left * c - right * s);
      b.at[w] = rounded<T>(right * c + left * s);
    }
    store<W>(first, a);
    store<W>(second, b);
  }
}

// For a result of type T: what the fast functions are off by in fp32 is far below a step of bf16.
template <class T, class S>
__device__ S sigmoid(S x) {
#ifdef __CUDA_ARCH__
  if constexpr (sizeof(T) == sizeof(bf16)) return __fdividef(1.0f, 1.0f + __expf(-x));
#endif
  return 1 / (1 + std::exp(-x));
}

template <class T, int W>
__global__ void gate_forward(const T* gate_up, T* out, Size rows, Size F) {
  const Size groups = F / W;
  for (Size at = thread_number(); at < rows * groups; at += thread_count()) {
    const Size t = quotient(at, groups), f = (at - t * groups) * W;
    const auto gate = load<W>(gate_up + t * 2 * F + f), up = load<W>(gate_up + t * 2 * F + F + f);
    Pack<T, W> product;
    for (int w = 0; w < W; ++w) {
      const sum_of<T> g = value(gate.at[w]);
      product.at[w] = rounded<T>(g * sigmoid<T>(g) * value(up.at[w]));
    }
    store<W>(out + t * F + f, product);
  }
}

// dout becomes the product, the same bits as gate_forward's.
template <class T, int W>
__global__ void gate_backward(T* dout, const T* gate_up, T* dgate_up, Size rows, Size F) {
  using S = sum_of<T>;
  const Size groups = F / W;
  for (Size at = thread_number(); at < rows * groups; at += thread_count()) {
    const Size t = quotient(at, groups), f = (at - t * groups) * W;
    const auto gate = load_once<W>(gate_up + t * 2 * F + f), up = load_once<W>(gate_up + t * 2 * F + F + f),
               d = load_once<W>(dout + t * F + f);
    Pack<T, W> dgate, dup, product;
    for (int w = 0; w < W; ++w) {
      const S g = value(gate.at[w]), u = value(up.at[w]), dy = value(d.at[w]), s = sigmoid<T>(g);
      dgate.at[w] = rounded<T>(dy * u * s * (1 + g * (1 - s)));
      dup.at[w] = rounded<T>(g * s * dy);
      product.at[w] = rounded<T>(g * s * u);
    }
    store_once<W>(dout + t * F + f, product);
    store_once<W>(dgate_up + t * 2 * F + f, dgate);
    store_once<W>(dgate_up + t * 2 * F + F + f, dup);
  }
}

// A warp takes one head of one row.
template <class T>
__global__ void merge(T* out, Strides out_at, sum_of<T>* lse, Strides lse_at, const T* part, Strides part_at,
                      const sum_of<T>* part_lse, Strides part_lse_at, Size Q, Size N, Size H) {
  using S = sum_of<T>;
  for (Size at = thread_number() / 32; at < Q * N; at += thread_count() / 32) {
    const Size q = at / N, n = at % N, lane = threadIdx.x % 32;
    S* mine = lse + q * lse_at.q + n * lse_at.n;
    const S a = *mine, b = part_lse[q * part_lse_at.q + n * part_lse_at.n];
    __syncwarp();  // all lanes have read what the first one writes
    const S high = std::max(a, b), both = high + std::log(std::exp(a - high) + std::exp(b - high));
    const S keep = std::exp(a - both), add = std::exp(b - both);
    T* o = out + q * out_at.q + n * out_at.n;
    const T* p = part + q * part_at.q + n * part_at.n;
    for (Size h = lane; h < H; h += 32) o[h] = rounded<T>(keep * value(o[h]) + add * value(p[h]));
    if (lane == 0) *mine = both;
  }
}

}  // namespace

void rope(Type type, void* x, Size row, Size head, const void* cos, const void* sin, bool inverse, Size rows,
          Size N, Size half, Stream stream) {
  if (rows * N * half == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    using S = sum_of<T>;
    const bool wide = is_wide<T>(half, {x}) && row % kWide<T> == 0 && head % kWide<T> == 0;
    launch_flat(wide ? rotate<T, kWide<T>> : rotate<T, 1>,
                flat_blocks(rows * N * half / (wide ? kWide<T> : 1)), stream, static_cast<T*>(x), row, head,
                static_cast<const S*>(cos), static_cast<const S*>(sin), static_cast<S>(inverse ? -1 : 1),
                rows, N, half);
  });
}

void swiglu_forward(Type type, const void* gate_up, void* out, Size rows, Size F, Stream stream) {
  if (rows * F == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    const bool wide = is_wide<T>(F, {gate_up, out});
    launch_flat(wide ? gate_forward<T, kWide<T>> : gate_forward<T, 1>,
                flat_blocks(rows * F / (wide ? kWide<T> : 1)), stream, static_cast<const T*>(gate_up),
                static_cast<T*>(out), rows, F);
  });
}

void swiglu_backward(Type type, void* dout, const void* gate_up, void* dgate_up, Size rows, Size F,
                     Stream stream) {
  if (rows * F == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    const bool wide = is_wide<T>(F, {dout, gate_up, dgate_up});
    launch_flat(wide ? gate_backward<T, kWide<T>> : gate_backward<T, 1>,
                flat_blocks(rows * F / (wide ? kWide<T> : 1)), stream, static_cast<T*>(dout),
                static_cast<const T*>(gate_up), static_cast<T*>(dgate_up), rows, F);
  });
}

void merge_attention(Type type, void* out, Strides out_at, void* lse, Strides lse_at, const void* part,
                     Strides part_at, const void* part_lse, Strides part_lse_at, Size Q, Size N, Size H,
                     Stream stream) {
  if (Q * N == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    using S = sum_of<T>;
    launch_cooperative(merge<T>, flat_blocks(Q * N * 32), stream, static_cast<T*>(out), out_at,
                       static_cast<S*>(lse), lse_at, static_cast<const T*>(part), part_at,
                       static_cast<const S*>(part_lse), part_lse_at, Q, N, H);
  });
}

}  // namespace film::cuda

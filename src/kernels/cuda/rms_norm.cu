// RMSNorm. One block takes a row at a time and reads it once, where its threads can keep it in registers: C packs of W
// columns each, so rows are at most C x W x kThreads wide. The gradient of w is summed over rows in two fixed stages, the first
// of them in the same reading. Wider rows are read again for every use.
#include "device.cuh"

namespace film::cuda {
namespace {

// The first column of pack c of this thread.
template <int W>
__device__ Size column_of(int c) {
  return (Size{c} * kThreads + threadIdx.x) * W;
}

template <class T, int W>
__device__ void scale_row(const T* x, const T* w, sum_of<T> rstd, T* y, Size D) {
  for (Size d = Size{threadIdx.x} * W; d < D; d += Size{kThreads} * W) {
    const auto x_pack = load<W>(x + d), w_pack = load<W>(w + d);
    Pack<T, W> out;
    for (int i = 0; i < W; ++i) out.at[i] = rounded<T>(value(x_pack.at[i]) * rstd * value(w_pack.at[i]));
    store<W>(y + d, out);
  }
}

template <class T, int W>
__global__ void forward(const T* x, const T* w, double eps, T* y, sum_of<T>* rstd, Size rows, Size D) {
  using S = sum_of<T>;
  for (Size t = blockIdx.x; t < rows; t += gridDim.x) {
    S sum = 0;
    for (Size d = Size{threadIdx.x} * W; d < D; d += Size{kThreads} * W) {
      const auto pack = load<W>(x + t * D + d);
      for (int i = 0; i < W; ++i) sum += value(pack.at[i]) * value(pack.at[i]);
    }
    const S r = 1 / std::sqrt(block_sum(sum) / static_cast<S>(D) + static_cast<S>(eps));
    if (threadIdx.x == 0) rstd[t] = r;
    scale_row<T, W>(x + t * D, w, r, y + t * D, D);
  }
}

template <class T, int W, int C>
__global__ void forward_once(const T* x, const T* w, double eps, T* y, sum_of<T>* rstd, Size rows, Size D) {
  using S = sum_of<T>;
  for (Size t = blockIdx.x; t < rows; t += gridDim.x) {
    Pack<T, W> a[C] = {};
    S sum = 0;
    for (int c = 0; c < C; ++c)
      if (const Size d = column_of<W>(c); d < D) a[c] = load<W>(x + t * D + d);
    for (int c = 0; c < C; ++c)
      for (int i = 0; i < W; ++i) sum += value(a[c].at[i]) * value(a[c].at[i]);
    const S r = 1 / std::sqrt(block_sum(sum) / static_cast<S>(D) + static_cast<S>(eps));
    if (threadIdx.x == 0) rstd[t] = r;
    for (int c = 0; c < C; ++c) {
      const Size d = column_of<W>(c);
      if (d >= D) continue;
      const auto b = load<W>(w + d);
      for (int i = 0; i < W; ++i) a[c].at[i] = rounded<T>(value(a[c].at[i]) * r * value(b.at[i]));
      store<W>(y + t * D + d, a[c]);
    }
  }
}

template <class T, int W>
__global__ void again(const T* x, const T* w, const sum_of<T>* rstd, T* y, Size rows, Size D) {
  for (Size t = blockIdx.x; t < rows; t += gridDim.x) scale_row<T, W>(x + t * D, w, rstd[t], y + t * D, D);
}

// With n = x * rstd: dn = dy * w, dx += rstd * (dn - n * mean(dn * n)).
template <class T, int W>
__global__ void backward_x(const T* dy, const T* x, const T* w, const sum_of<T>* rstd, T* dx, Size rows,
                           Size D) {
  using S = sum_of<T>;
  for (Size t = blockIdx.x; t < rows; t += gridDim.x) {
    S dot = 0;
    for (Size d = Size{threadIdx.x} * W; d < D; d += Size{kThreads} * W) {
      const auto g = load<W>(dy + t * D + d), a = load<W>(x + t * D + d), b = load<W>(w + d);
      for (int i = 0; i < W; ++i) dot += value(g.at[i]) * value(b.at[i]) * value(a.at[i]);
    }
    const S r = rstd[t], share = block_sum(dot) * r * r / static_cast<S>(D);
    for (Size d = Size{threadIdx.x} * W; d < D; d += Size{kThreads} * W) {
      const auto g = load<W>(dy + t * D + d), a = load<W>(x + t * D + d), b = load<W>(w + d);
      auto out = load<W>(dx + t * D + d);
      for (int i = 0; i < W; ++i) {
        const S dn = value(g.at[i]) * value(b.at[i]);
        out.at[i] = rounded<T>(value(out.at[i]) + r * (dn - value(a.at[i]) * share));
      }
      store<W>(dx + t * D + d, out);
    }
  }
}

// Both gradients from one reading of the rows, of dx too, before the block's threads wait for each other. A block takes a part
// of the rows.
template <class T, int W, int C>
__global__ void backward_both(const T* dy, const T* x, const T* w, const sum_of<T>* rstd, T* dx,
                              sum_of<T>* partials, Size rows, Size D, Size parts) {
  using S = sum_of<T>;
  const Size share = (rows + parts - 1) / parts;
  for (Size part = blockIdx.x; part < parts; part += gridDim.x) {
    S sums[C][W] = {};
    for (Size t = part * share; t < std::min(rows, (part + 1) * share); ++t) {
      Pack<T, W> g[C] = {}, a[C] = {}, out[C] = {};
      S dot = 0;
      for (int c = 0; c < C; ++c) {
        const Size d = column_of<W>(c);
        if (d >= D) continue;
        g[c] = load<W>(dy + t * D + d);
        a[c] = load<W>(x + t * D + d);
        out[c] = load<W>(dx + t * D + d);
        const auto b = load<W>(w + d);
        for (int i = 0; i < W; ++i) dot += value(g[c].at[i]) * value(b.at[i]) * value(a[c].at[i]);
      }
      const S r = rstd[t], mean = block_sum(dot) * r * r / static_cast<S>(D);
      for (int c = 0; c < C; ++c) {
        const Size d = column_of<W>(c);
        if (d >= D) continue;
        const auto b = load<W>(w + d);
        for (int i = 0; i < W; ++i) {
          const S dn = value(g[c].at[i]) * value(b.at[i]);
          out[c].at[i] = rounded<T>(value(out[c].at[i]) + r * (dn - value(a[c].at[i]) * mean));
          sums[c][i] += value(g[c].at[i]) * value(a[c].at[i]) * r;
        }
        store<W>(dx + t * D + d, out[c]);
      }
    }
    for (int c = 0; c < C; ++c)
      for (int i = 0; i < W; ++i) {
        const Size d = column_of<W>(c) + i;
        if (d < D) partials[part * D + d] = sums[c][i];
      }
  }
}

// partials[part, d] = sum of dy * x * rstd over the rows of the part, a column to a thread.
template <class T>
__global__ void backward_w_parts(const T* dy, const T* x, const sum_of<T>* rstd, sum_of<T>* partials,
                                 Size rows, Size D, Size parts) {
  const Size share = (rows + parts - 1) / parts;
  for (Size i = thread_number(); i < parts * D; i += thread_count()) {
    const Size part = i / D, d = i % D, end = std::min(rows, (part + 1) * share);
    sum_of<T> sum = 0;
    for (Size t = part * share; t < end; ++t) sum += value(dy[t * D + d]) * value(x[t * D + d]) * rstd[t];
    partials[i] = sum;
  }
}

template <class S>
__global__ void backward_w_sum(const S* partials, S* dw, Size D, Size parts) {
  for (Size d = thread_number(); d < D; d += thread_count()) {
    S sum = dw[d];
    for (Size part = 0; part < parts; ++part) sum += partials[part * D + d];
    dw[d] = sum;
  }
}

}  // namespace

void rms_norm_forward(Type type, const void* x, const void* w, double eps, void* y, void* rstd, Size rows,
                      Size D, Stream stream) {
  if (rows == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    constexpr int kPack = kWide<T>;
    const bool wide = is_wide<T>(D, {x, w, y});
    const auto kernel = !wide                       ? forward<T, 1>
                        : D <= 2 * kPack * kThreads ? forward_once<T, kPack, 2>
                        : D <= 4 * kPack * kThreads ? forward_once<T, kPack, 4>
                                                    : forward<T, kPack>;
    launch_cooperative(kernel, row_blocks(rows), stream, static_cast<const T*>(x), static_cast<const T*>(w),
                       eps, static_cast<T*>(y), static_cast<sum_of<T>*>(rstd), rows, D);
  });
}

void rms_norm_recompute(Type type, const void* x, const void* w, const void* rstd, void* y, Size rows, Size D,
                        Stream stream) {
  if (rows == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    launch_flat(is_wide<T>(D, {x, w, y}) ? again<T, kWide<T>> : again<T, 1>, row_blocks(rows), stream,
                static_cast<const T*>(x), static_cast<const T*>(w), static_cast<const sum_of<T>*>(rstd),
                static_cast<T*>(y), rows, D);
  });
}

void rms_norm_backward(Type type, const void* dy, const void* x, const void* w, const void* rstd, void* dx,
                       void* dw, void* partials, Size rows, Size D, Stream stream) {
  if (rows == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    using S = sum_of<T>;
    const auto *g = static_cast<const T*>(dy), *a = static_cast<const T*>(x);
    const auto* r = static_cast<const S*>(rstd);
    const auto* weight = static_cast<const T*>(w);
    auto* sum = static_cast<T*>(dx);
    auto* part_sums = static_cast<S*>(partials);
    const Size parts = std::min(kNormParts, rows);
    constexpr int kPack = kWide<T>;
    const bool wide = is_wide<T>(D, {dy, x, w, dx});
    if (wide && D <= 4 * kPack * kThreads) {
      launch_cooperative(D <= 2 * kPack * kThreads ? backward_both<T, kPack, 2> : backward_both<T, kPack, 4>,
                         row_blocks(parts), stream, g, a, weight, r, sum, part_sums, rows, D, parts);
    } else {
      launch_cooperative(wide ? backward_x<T, kPack> : backward_x<T, 1>, row_blocks(rows), stream, g, a,
                         weight, r, sum, rows, D);
      launch_flat(backward_w_parts<T>, flat_blocks(parts * D), stream, g, a, r, part_sums, rows, D, parts);
    }
    launch_flat(backward_w_sum<S>, flat_blocks(D), stream, static_cast<const S*>(part_sums),
                static_cast<S*>(dw), D, parts);
  });
}

}  // namespace film::cuda

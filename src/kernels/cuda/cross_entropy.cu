// Cross-entropy in place: a block takes a row of logits, reads it twice and writes its gradient over it.
#include "device.cuh"

namespace film::cuda {
namespace {

// The highest logit, and its first index.
template <class S>
struct Best {
  S logit;
  Size at;
};

template <class S>
__device__ Best<S> better(Best<S> a, Best<S> b) {
  return b.logit > a.logit || (b.logit == a.logit && b.at < a.at) ? b : a;
}

// Of the whole block, the same in every thread.
template <class S>
__device__ Best<S> block_best(Best<S> best) {
  __shared__ S logits[kThreads / 32];
  __shared__ Size places[kThreads / 32];
  for (int step = 16; step > 0; step /= 2)
    best = better(best, {__shfl_xor_sync(kAll, best.logit, step), __shfl_xor_sync(kAll, best.at, step)});
  __syncthreads();
  if (threadIdx.x % 32 == 0) {
    logits[threadIdx.x / 32] = best.logit;
    places[threadIdx.x / 32] = best.at;
  }
  __syncthreads();
  best = {logits[0], places[0]};
  for (int warp = 1; warp < kThreads / 32; ++warp) best = better(best, {logits[warp], places[warp]});
  return best;
}

template <class T, int W>
__global__ void softmax_gradient(T* all, const Size* targets, const sum_of<T>* weights, sum_of<T>* loss,
                                 std::uint8_t* correct, Size rows, Size V) {
  using S = sum_of<T>;
  for (Size r = blockIdx.x; r < rows; r += gridDim.x) {
    T* logits = all + r * V;
    const Size target = targets[r];
    const S at_target = value(logits[target]), weight = weights[r];
    Best<S> best{value(logits[0]), 0};
    for (Size v = Size{threadIdx.x} * W; v < V; v += Size{kThreads} * W) {
      const auto pack = load<W>(logits + v);
      for (int i = 0; i < W; ++i) best = better(best, {value(pack.at[i]), v + i});
    }
    best = block_best(best);
    S sum = 0;
    for (Size v = Size{threadIdx.x} * W; v < V; v += Size{kThreads} * W) {
      const auto pack = load<W>(logits + v);
      for (int i = 0; i < W; ++i) sum += std::exp(value(pack.at[i]) - best.logit);
    }
    sum = block_sum(sum);
    const S scale = weight / sum;
    for (Size v = Size{threadIdx.x} * W; v < V; v += Size{kThreads} * W) {
      auto pack = load<W>(logits + v);
      for (int i = 0; i < W; ++i) {
        const S p = std::exp(value(pack.at[i]) - best.logit);
        pack.at[i] = rounded<T>(v + i == target ? weight * (p / sum - 1) : p * scale);
      }
      store<W>(logits + v, pack);
    }
    if (threadIdx.x == 0) {
      loss[r] = std::log(sum) + (best.logit - at_target);
      correct[r] = best.at == target ? 1 : 0;
    }
    __syncthreads();  // the next row's first logit is read by all
  }
}

}  // namespace

void cross_entropy(Type type, void* logits, const Size* targets, const void* weights, void* loss,
                   std::uint8_t* correct, Size rows, Size V, Stream stream) {
  if (rows == 0) return;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    const bool wide = is_wide<T>(V, {logits});
    launch_cooperative(wide ? softmax_gradient<T, kWide<T>> : softmax_gradient<T, 1>, row_blocks(rows),
                       stream, static_cast<T*>(logits), targets, static_cast<const sum_of<T>*>(weights),
                       static_cast<sum_of<T>*>(loss), correct, rows, V);
  });
}

}  // namespace film::cuda

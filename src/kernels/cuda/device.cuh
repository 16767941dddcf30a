#pragma once
// What every kernel here shares: element types, wide loads, sums over a block, and how a kernel is started.
// The same sources are compiled by g++ for a test that runs the index space on the CPU
// (tests/kernels/emulation.h, which then replaces everything that nvcc provides).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>

#include "launchers.h"

#ifdef __CUDACC__
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include <string>

#include "film/kernels/gpu_failure.h"
#endif

namespace film::cuda {

// bf16 as its bits; arithmetic is done in float.
struct bf16 {
  std::uint16_t bits;
};

template <class T>
struct SumOf {
  using type = float;
};
template <>
struct SumOf<double> {
  using type = double;
};
template <class T>
using sum_of = typename SumOf<T>::type;

__device__ inline float value(float x) { return x; }
__device__ inline double value(double x) { return x; }
__device__ inline float value(bf16 x) { return __uint_as_float(static_cast<std::uint32_t>(x.bits) << 16); }

template <class T, class S>
__device__ inline T rounded(S x) {
  return static_cast<T>(x);
}
template <>
__device__ inline bf16 rounded<bf16, float>(float x) {  // to nearest, ties to even
  return {__bfloat16_as_ushort(__float2bfloat16_rn(x))};
}

// W neighbouring elements, read and written at once.
template <class T, int W>
struct alignas(sizeof(T) * W) Pack {
  T at[W];
};
template <int W, class T>
__device__ inline Pack<T, W> load(const T* from) {
  return *reinterpret_cast<const Pack<T, W>*>(from);
}
template <int W, class T>
__device__ inline void store(T* to, const Pack<T, W>& pack) {
  *reinterpret_cast<Pack<T, W>*>(to) = pack;
}

// The same for what is not read again soon: it makes way in the caches first. Where six tensors stream through at once, that
// decides between 2.1 and 3.0 TB/s on an H100 (SwiGLU's backward).
template <int W, class T>
__device__ inline Pack<T, W> load_once(const T* from) {
#ifdef __CUDA_ARCH__
  if constexpr (sizeof(Pack<T, W>) == sizeof(uint4)) {
    const uint4 bits = __ldcs(reinterpret_cast<const uint4*>(from));
    return reinterpret_cast<const Pack<T, W>&>(bits);
  }
#endif
  return load<W>(from);
}
template <int W, class T>
__device__ inline void store_once(T* to, const Pack<T, W>& pack) {
#ifdef __CUDA_ARCH__
  if constexpr (sizeof(pack) == sizeof(uint4))
    return __stcs(reinterpret_cast<uint4*>(to), reinterpret_cast<const uint4&>(pack));
#endif
  store<W>(to, pack);
}

constexpr int kThreads = 256;  // of every block; a multiple of the warp
constexpr unsigned kAll = 0xffffffffu;

// The sum over the block, the same in every thread and for every run. All threads must come here.
template <class S>
__device__ S block_sum(S x) {
  __shared__ S parts[kThreads / 32];
  for (int step = 16; step > 0; step /= 2) x += __shfl_xor_sync(kAll, x, step);
  __syncthreads();  // an earlier sum may still be read
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = x;
  __syncthreads();
  S sum = 0;
  for (int warp = 0; warp < kThreads / 32; ++warp) sum += parts[warp];
  return sum;
}

// a / b of numbers that are not negative. 64 bits take a GPU many instructions; most numbers need only 32.
__device__ inline Size quotient(Size a, Size b) {
  return ((a | b) >> 32) == 0 ? static_cast<std::uint32_t>(a) / static_cast<std::uint32_t>(b) : a / b;
}

// The number of this thread among all, and how many there are.
__device__ inline Size thread_number() { return static_cast<Size>(blockIdx.x) * kThreads + threadIdx.x; }
__device__ inline Size thread_count() { return static_cast<Size>(gridDim.x) * kThreads; }

// Blocks for one thread per item, up to a number that fills any GPU: kernels walk on by thread_count().
inline unsigned flat_blocks(Size items) {
  return static_cast<unsigned>(std::clamp<Size>((items + kThreads - 1) / kThreads, 1, std::int64_t{1} << 16));
}
// One block per row, up to the limit of the grid's first dimension.
inline unsigned row_blocks(Size rows) { return static_cast<unsigned>(std::clamp<Size>(rows, 1, 2147483647)); }

// 16 bytes at a time when every row begins on such a border, else element by element.
inline bool is_aligned(std::initializer_list<const void*> pointers) {
  return std::all_of(pointers.begin(), pointers.end(),
                     [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 16 == 0; });
}
template <class T>
constexpr int kWide = static_cast<int>(16 / sizeof(T));
template <class T>
bool is_wide(Size width, std::initializer_list<const void*> pointers) {
  return width % kWide<T> == 0 && is_aligned(pointers);
}

#ifdef __CUDACC__
inline void check_launch() {
  if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess)
    throw kernels::GpuFailure(std::string("a CUDA kernel did not start: ") + cudaGetErrorString(error));
}

// Kernels whose threads do not meet (flat) and those whose blocks sum up (cooperative): the same on a GPU.
template <class... Parameters, class... Arguments>
void launch_flat(void (*kernel)(Parameters...), unsigned blocks, Stream stream, Arguments... arguments) {
  kernel<<<blocks, kThreads, 0, stream>>>(arguments...);
  check_launch();
}
template <class... Parameters, class... Arguments>
void launch_cooperative(void (*kernel)(Parameters...), unsigned blocks, Stream stream,
                        Arguments... arguments) {
  kernel<<<blocks, kThreads, 0, stream>>>(arguments...);
  check_launch();
}
#endif

// Calls use(T()) with the element type.
template <class Use>
void with_type(Type type, const Use& use) {
  if (type == Type::float32) return use(float());
  if (type == Type::bfloat16) return use(bf16());
  use(double());
}

}  // namespace film::cuda

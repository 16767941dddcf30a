#pragma once
// What libfilm_cuda.so hands to the engine: one table of functions, found by name after dlopen. Everything
// that needs a symbol of CUDA, cuBLAS or NCCL is behind it, so that the engine links none of them.
#include "launchers.h"

namespace film::cuda {

// One GPU, and the versions of CUDA and NCCL.
struct DeviceInfo {
  char name[256];
  int major, minor;           // compute capability
  int driver, runtime, nccl;  // 13000 is CUDA 13.0, 22809 is NCCL 2.28.9
  int multiprocessors;
  Size memory;  // bytes
};

// Bytes on the GPU: free and all of it as the driver says; taken as Torch's allocator says.
struct MemoryUse {
  Size free, total, allocated, peak_allocated, reserved, peak_reserved;
  Size retries;  // allocations that succeeded only after the cache was emptied
};

struct Library {
  int version;  // kLibraryVersion
  Launchers launchers;
  DeviceInfo (*device_info)(int device);
  Stream (*stream)(int device);  // Torch's current one
  // sum[O, I] += a[R, O]^T b[R, I], bf16 in, fp32 sums; rows `*_row` elements apart. cuBLAS.
  void (*accumulate_weight_gradient)(float* sum, Size sum_row, const void* a, Size a_row, const void* b,
                                     Size b_row, Size O, Size I, Size R);
  MemoryUse (*memory)(int device);
  void (*reset_peaks)(int device);
  // Makes ordinary memory reachable for asynchronous copies. nullptr, or what is wrong.
  const char* (*pin)(void* begin, std::size_t bytes);
  void (*unpin)(void* begin);
  // NCCL: 128 bytes that name a group, shared by any means; then one handle per rank, on its GPU. nullptr, or what is
  // wrong. n: elements of what each rank ends with (sum, reduce_scatter) or begins with (all_gather).
  const char* (*nccl_name)(void* name128);
  const char* (*nccl_open)(void** group, const void* name128, int device, int rank, int ranks);
  const char* (*nccl_sum)(void* group, void* data, Size n, Type type, Stream stream);  // in place
  const char* (*nccl_reduce_scatter)(void* group, const void* all, void* own, Size n, Type type,
                                     Stream stream);
  const char* (*nccl_all_gather)(void* group, const void* own, void* all, Size n, Type type, Stream stream);
  // in, out: a part for, and from, each of `ranks` ranks, of so many elements.
  const char* (*nccl_swap)(void* group, const void* in, const Size* in_parts, void* out,
                           const Size* out_parts, int ranks, Type type, Stream stream);
  // Waits for what was begun, and for the other ranks; or for nobody.
  const char* (*nccl_close)(void* group);
  const char* (*nccl_abort)(void* group);
};

inline constexpr int kLibraryVersion = 5;

}  // namespace film::cuda

extern "C" const film::cuda::Library* film_cuda_library();

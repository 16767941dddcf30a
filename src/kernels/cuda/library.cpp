// The host side of libfilm_cuda.so.
#include "library.h"

#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/Exceptions.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>
#include <nccl.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace film::cuda {
namespace {

DeviceInfo device_info(int device) {
  DeviceInfo info{};
  cudaDeviceProp properties;
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, device));
  std::memcpy(info.name, properties.name, std::min(sizeof(info.name) - 1, sizeof(properties.name)));
  info.major = properties.major;
  info.minor = properties.minor;
  info.multiprocessors = properties.multiProcessorCount;
  info.memory = static_cast<Size>(properties.totalGlobalMem);
  C10_CUDA_CHECK(cudaDriverGetVersion(&info.driver));
  C10_CUDA_CHECK(cudaRuntimeGetVersion(&info.runtime));
  ncclGetVersion(&info.nccl);
  return info;
}

Stream stream(int device) {
  return c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(device)).stream();
}

// Row-major [O, I] is column-major [I, O]: sum^T += b^T a, as in the CPU reference. The handle works on
// Torch's current stream.
void accumulate_weight_gradient(float* sum, Size sum_row, const void* a, Size a_row, const void* b,
                                Size b_row, Size O, Size I, Size R) {
  const float one = 1;
  const auto as_int = [](Size n) { return static_cast<int>(n); };
  TORCH_CUDABLAS_CHECK(cublasGemmEx(at::cuda::getCurrentCUDABlasHandle(), CUBLAS_OP_N, CUBLAS_OP_T, as_int(I),
                                    as_int(O), as_int(R), &one, b, CUDA_R_16BF, as_int(b_row), a, CUDA_R_16BF,
                                    as_int(a_row), &one, sum, CUDA_R_32F, as_int(sum_row), CUBLAS_COMPUTE_32F,
                                    CUBLAS_GEMM_DEFAULT));
}

MemoryUse memory(int device) {
  std::size_t free = 0, total = 0;
  C10_CUDA_CHECK(cudaSetDevice(device));
  C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device));
  const auto& allocated = stats.allocated_bytes[0];  // of all pools
  const auto& reserved = stats.reserved_bytes[0];
  return {static_cast<Size>(free), static_cast<Size>(total), allocated.current,
          allocated.peak,          reserved.current,         reserved.peak,
          stats.num_alloc_retries};
}

void reset_peaks(int device) {
  c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(device));
}

const char* text_of(cudaError_t error) { return error == cudaSuccess ? nullptr : cudaGetErrorString(error); }
const char* text_of(ncclResult_t result) {
  return result == ncclSuccess ? nullptr : ncclGetErrorString(result);
}

const char* pin(void* begin, std::size_t bytes) {
  const cudaError_t error = cudaHostRegister(begin, bytes, cudaHostRegisterDefault);
  if (error != cudaSuccess) cudaGetLastError();  // else the next launch reports it as its own
  return text_of(error);
}
void unpin(void* begin) { cudaHostUnregister(begin); }

static_assert(sizeof(ncclUniqueId) == 128);

const char* nccl_name(void* name) { return text_of(ncclGetUniqueId(static_cast<ncclUniqueId*>(name))); }

const char* nccl_open(void** group, const void* name, int device, int rank, int ranks) {
  ncclUniqueId id;
  std::memcpy(&id, name, sizeof(id));
  if (const char* error = text_of(cudaSetDevice(device))) return error;
  return text_of(ncclCommInitRank(reinterpret_cast<ncclComm_t*>(group), ranks, id, rank));
}

ncclDataType_t element(Type type) {
  return type == Type::float32 ? ncclFloat32 : type == Type::bfloat16 ? ncclBfloat16 : ncclFloat64;
}

const char* nccl_sum(void* group, void* data, Size n, Type type, Stream on) {
  return text_of(ncclAllReduce(data, data, static_cast<std::size_t>(n), element(type), ncclSum,
                               static_cast<ncclComm_t>(group), on));
}

const char* nccl_reduce_scatter(void* group, const void* all, void* own, Size n, Type type, Stream on) {
  return text_of(ncclReduceScatter(all, own, static_cast<std::size_t>(n), element(type), ncclSum,
                                   static_cast<ncclComm_t>(group), on));
}

const char* nccl_all_gather(void* group, const void* own, void* all, Size n, Type type, Stream on) {
  return text_of(ncclAllGather(own, all, static_cast<std::size_t>(n), element(type),
                               static_cast<ncclComm_t>(group), on));
}

std::size_t element_bytes(Type type) { return type == Type::float32 ? 4 : type == Type::bfloat16 ? 2 : 8; }

const char* nccl_swap(void* group, const void* in, const Size* in_parts, void* out, const Size* out_parts,
                      int ranks, Type type, Stream on) {
  auto* communicator = static_cast<ncclComm_t>(group);
  const auto* from = static_cast<const std::byte*>(in);
  auto* to = static_cast<std::byte*>(out);
  ncclResult_t result = ncclGroupStart();
  for (int rank = 0; rank < ranks && result == ncclSuccess; ++rank) {
    const auto sent = static_cast<std::size_t>(in_parts[rank]),
               received = static_cast<std::size_t>(out_parts[rank]);
    result = ncclSend(from, sent, element(type), rank, communicator, on);
    if (result == ncclSuccess) result = ncclRecv(to, received, element(type), rank, communicator, on);
    from += sent * element_bytes(type);
    to += received * element_bytes(type);
  }
  const ncclResult_t end = ncclGroupEnd();
  return text_of(result == ncclSuccess ? end : result);
}

const char* nccl_close(void* group) { return text_of(ncclCommDestroy(static_cast<ncclComm_t>(group))); }
const char* nccl_abort(void* group) { return text_of(ncclCommAbort(static_cast<ncclComm_t>(group))); }

}  // namespace
}  // namespace film::cuda

extern "C" const film::cuda::Library* film_cuda_library() {
  using namespace film::cuda;
  static const Library library{.version = kLibraryVersion,
                               .launchers = launchers(),
                               .device_info = device_info,
                               .stream = stream,
                               .accumulate_weight_gradient = accumulate_weight_gradient,
                               .memory = memory,
                               .reset_peaks = reset_peaks,
                               .pin = pin,
                               .unpin = unpin,
                               .nccl_name = nccl_name,
                               .nccl_open = nccl_open,
                               .nccl_sum = nccl_sum,
                               .nccl_reduce_scatter = nccl_reduce_scatter,
                               .nccl_all_gather = nccl_all_gather,
                               .nccl_swap = nccl_swap,
                               .nccl_close = nccl_close,
                               .nccl_abort = nccl_abort};
  return &library;
}

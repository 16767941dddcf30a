#pragma once
// A GPU that is not there: a table of CUDA entry points that writes down who is asked, in which order, and the first
// allocation on the GPU, which ends the test with an exception. So the order of a start is held on machines without one.
#include <c10/util/Exception.h>
#include <torch/library.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "kernels/cuda_library.h"

namespace film::support {

inline std::vector<std::string> cuda_calls;

inline constexpr const char* kFirstAllocation = "torch.empty on the GPU";

inline at::Tensor no_tensor(c10::SymIntArrayRef, std::optional<at::ScalarType>, std::optional<at::Layout>,
                            std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat>) {
  cuda_calls.emplace_back(kFirstAllocation);
  TORCH_CHECK(false, kFirstAllocation);
  return {};
}

// While it lives, device=cuda finds a GPU with so much memory, all of it free.
class CudaTable {
 public:
  explicit CudaTable(std::uint64_t bytes) {
    memory_ = bytes;
    static torch::Library torch(torch::Library::IMPL, "aten", c10::DispatchKey::CUDA, __FILE__, __LINE__);
    static const bool once = [] {
      torch.impl("empty.memory_format", no_tensor);
      return true;
    }();
    static_cast<void>(once);
    cuda_calls.clear();
    table_.device_info = [](int) {
      cuda_calls.emplace_back("table.device_info");
      cuda::DeviceInfo info{};
      std::strcpy(info.name, "a GPU");
      info.major = 9;
      info.multiprocessors = 132;
      info.memory = static_cast<cuda::Size>(memory_);
      return info;
    };
    table_.memory = [](int) {
      cuda_calls.emplace_back("table.memory");
      cuda::MemoryUse use{};
      use.free = use.total = static_cast<cuda::Size>(memory_);
      return use;
    };
    kernels::use_table(&table_);
  }
  ~CudaTable() { kernels::use_table(nullptr); }
  CudaTable(const CudaTable&) = delete;
  CudaTable& operator=(const CudaTable&) = delete;

 private:
  static inline std::uint64_t memory_ = 0;
  cuda::Library table_{};
};

// Which of the calls is the first of that name; their number when there is none.
inline std::size_t first_call(const std::string& name) {
  return static_cast<std::size_t>(std::ranges::find(cuda_calls, name) - cuda_calls.begin());
}

}  // namespace film::support

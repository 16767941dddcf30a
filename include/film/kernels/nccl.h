#pragma once
// NCCL: sums and copies of tensors between the GPUs of several processes, on each one's current stream.
#include <ATen/ATen.h>

#include <array>
#include <cstdint>
#include <vector>

namespace film::kernels {

using NcclName = std::array<std::uint8_t, 128>;
NcclName new_nccl_name();  // by one process, for all

class NcclGroup {
 public:
  // Waits for all others of the group. Throws os_error with NCCL's words.
  NcclGroup(const at::Device& device, const NcclName& name, int rank, int ranks);
  ~NcclGroup();  // in order; while an exception is on its way at once, whatever the others do
  NcclGroup(const NcclGroup&) = delete;
  NcclGroup& operator=(const NcclGroup&) = delete;

  // Contiguous tensors on the group's device: float32, bfloat16 or float64.
  void sum(const at::Tensor& x) const;  // in place
  // flat: a slice of the size of `own` for each rank; `own` may be this rank's.
  void reduce_scatter(const at::Tensor& flat, const at::Tensor& own) const;
  void all_gather(const at::Tensor& flat, const at::Tensor& own) const;
  // Elements of `in` and `out` by rank: to it, and from it.
  void swap(const at::Tensor& in, const std::vector<std::int64_t>& in_parts, const at::Tensor& out,
            const std::vector<std::int64_t>& out_parts) const;

 private:
  void* group_ = nullptr;
};

}  // namespace film::kernels

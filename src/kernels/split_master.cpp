// fp32 masters as bf16 weights with remainders, and back.
#include <ATen/Parallel.h>

#include "cuda_library.h"
#include "element_math.h"
#include "film/kernels/kernels.h"

namespace film::kernels {
namespace {

constexpr std::int64_t kSplitGrain = 1 << 15;  // elements of one thread at least

}  // namespace

void split_master(const Tensor& master, Tensor& high, Tensor& remainder) {
  if (master.is_cuda()) return on_cuda(master).split_master(master, high, remainder);
  TORCH_INTERNAL_ASSERT(high.numel() == master.numel() && remainder.numel() == master.numel());
  const auto* from = master.const_data_ptr<float>();
  auto* upper = reinterpret_cast<std::uint16_t*>(high.mutable_data_ptr<at::BFloat16>());
  auto* lower = remainder.mutable_data_ptr<std::int16_t>();
  at::parallel_for(0, master.numel(), kSplitGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) split_bits(from[i], upper[i], lower[i]);
  });
}

void join_master(const Tensor& high, const Tensor& remainder, Tensor& master) {
  if (master.is_cuda()) return on_cuda(master).join_master(high, remainder, master);
  TORCH_INTERNAL_ASSERT(high.numel() == master.numel() && remainder.numel() == master.numel());
  const auto* upper = reinterpret_cast<const std::uint16_t*>(high.const_data_ptr<at::BFloat16>());
  const auto* lower = remainder.const_data_ptr<std::int16_t>();
  auto* to = master.mutable_data_ptr<float>();
  at::parallel_for(0, master.numel(), kSplitGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) to[i] = join_bits(upper[i], lower[i]);
  });
}

}  // namespace film::kernels

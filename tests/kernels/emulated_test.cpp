// The CUDA kernels' own sources, compiled by g++ and run block by block on the CPU, against
// the CPU references.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "emulation.h"
#include "reference.h"

// The kernels, as they are.
#include "../../src/kernels/cuda/cross_entropy.cu"
#include "../../src/kernels/cuda/elementwise.cu"
#include "../../src/kernels/cuda/embedding.cu"
#include "../../src/kernels/cuda/optimizer.cu"
#include "../../src/kernels/cuda/rms_norm.cu"

// The functions that hand tensors to launchers, as they are too, with our launchers behind the table.
#include "../../src/kernels/on_cuda.h"

namespace film {
namespace {

class Emulated : public ::testing::TestWithParam<at::ScalarType> {
 protected:
  void TearDown() override { emulation::most_blocks = ~0u; }
};

testing::Subject emulated_kernels() {
  using namespace kernels;
  const OnCuda on{cuda::launchers(), nullptr};
  return {.device = at::kCPU,
          .rms_norm_forward = [on](auto&&... x) { on.rms_norm_forward(x...); },
          .rms_norm_recompute = [on](auto&&... x) { on.rms_norm_recompute(x...); },
          .rms_norm_backward = [on](auto&&... x) { on.rms_norm_backward(x...); },
          .rope = [on](auto&&... x) { on.rope(x...); },
          .swiglu_forward = [on](auto&&... x) { on.swiglu_forward(x...); },
          .swiglu_backward = [on](auto&&... x) { on.swiglu_backward(x...); },
          .cross_entropy = [on](auto&&... x) { on.cross_entropy(x...); },
          .merge_attention = [on](auto&&... x) { on.merge_attention(x...); },
          .embedding_backward = [on](auto&&... x) { on.embedding_backward(x...); },
          .adamw = [on](auto&&... x) { on.adamw(x...); },
          .adamw_split = [on](auto&&... x) { on.adamw_split(x...); },
          .split_master = [on](auto&&... x) { on.split_master(x...); },
          .join_master = [on](auto&&... x) { on.join_master(x...); },
          .squared_norm = [on](const at::Tensor& x) { return on.squared_norm({x}); }};
}

TEST_P(Emulated, KernelsEqualTheirReferences) {
  testing::check_against_reference(emulated_kernels(), GetParam());
}

// A grid smaller than the work: threads and blocks walk on, as they do beyond the limits of a grid.
TEST_P(Emulated, KernelsWalkOnPastTheirGrid) {
  emulation::most_blocks = 2;
  testing::check_against_reference(emulated_kernels(), GetParam());
}

// Offsets past 2^32 elements: rows that lie 6 GB apart, in memory that is never touched in between.
TEST(Emulated, OffsetsHave64Bits) {
  constexpr std::int64_t kRow = (std::int64_t{3} << 30) + 8, kRows = 3, kHalf = 8;
  constexpr std::size_t kBytes = 2 * (kRow * (kRows - 1) + 2 * kHalf);
  void* memory =
      ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) GTEST_SKIP() << "no address space for " << kBytes << " bytes";
  const at::Tensor x = at::from_blob(memory, {kRows, 1, 2 * kHalf}, {kRow, 2 * kHalf, 1}, at::kBFloat16),
                   angle = at::rand({kRows, kHalf}),
                   right = at::randn({kRows, 1, 2 * kHalf}).to(at::kBFloat16);
  at::Tensor(x).copy_(right);
  kernels::rope(right, angle.cos(), angle.sin(), false);
  emulated_kernels().rope(x, angle.cos(), angle.sin(), false);
  EXPECT_TRUE(at::allclose(x.to(at::kFloat), right.to(at::kFloat), 1e-2, 1e-2));
  ::munmap(memory, kBytes);
}

INSTANTIATE_TEST_SUITE_P(Types, Emulated, ::testing::Values(at::kFloat, at::kBFloat16, at::kDouble),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

}  // namespace
}  // namespace film

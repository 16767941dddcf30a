// NCCL on one GPU, as a group of one: every call of the table, in every type, on a stream beside the current one. What several
// GPUs exchange is compared with Gloo where there are several (tests/ranks).
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "../gpu.h"
#include "film/base/error.h"
#include "film/kernels/nccl.h"

namespace film::kernels {
namespace {

using testing::gpu;

class NcclOnGpu : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(NcclOnGpu, GroupOfOne) {
  FILM_NEEDS_GPU();
  const NcclGroup group(gpu(), new_nccl_name(), 0, 1);
  const c10::impl::VirtualGuardImpl streams(at::kCUDA);
  const c10::Stream side = streams.getStreamFromGlobalPool(gpu());
  at::manual_seed(3);
  const at::Tensor right = at::randn({1000}).to(GetParam()), x = right.to(gpu());
  at::Tensor summed = x.clone(), scattered = at::empty_like(x), gathered = at::empty_like(x),
             swapped = at::empty_like(x);
  synchronise(gpu());
  {
    const c10::StreamGuard guard(side);
    group.sum(summed);
    group.reduce_scatter(x, scattered);
    group.all_gather(gathered, x);
    group.swap(x, {1000}, swapped, {1000});
  }
  synchronise(gpu());
  for (const at::Tensor& got : {summed, scattered, gathered, swapped})
    EXPECT_TRUE(at::equal(got.cpu(), right));
}

TEST(NcclGroupOnGpu, OfNobodyIsRefused) {
  FILM_NEEDS_GPU();
  EXPECT_THROW(NcclGroup(gpu(), new_nccl_name(), 0, 0), Error);  // in words, not by a crash
}

INSTANTIATE_TEST_SUITE_P(Types, NcclOnGpu, ::testing::Values(at::kFloat, at::kBFloat16, at::kDouble),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

}  // namespace
}  // namespace film::kernels

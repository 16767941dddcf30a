// The order in which CUDA is started, by a table that only writes down who asks it.
#include <c10/util/Exception.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "kernels/cuda_library.h"

namespace film::kernels {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> calls;
int capability = 9;

cuda::DeviceInfo device_info(int) {
  calls.emplace_back("table.device_info");
  cuda::DeviceInfo info{};
  std::strcpy(info.name, "a GPU");
  info.major = capability;
  return info;
}

cuda::MemoryUse memory(int) {
  calls.emplace_back("table.memory");
  return {};
}

CudaState start(bool is_known = true, bool throws = false) {
  calls.clear();
  cuda::Library table{};
  table.device_info = device_info;
  table.memory = memory;
  return start_cuda(table, {.is_known =
                                [&] {
                                  calls.emplace_back("torch.is_known");
                                  return is_known;
                                },
                            .start =
                                [&] {
                                  calls.emplace_back("torch.start");
                                  TORCH_CHECK(!throws, "no CUDA-capable device is detected");
                                }});
}

// Torch's allocator exists once Torch has started: whoever asks it for numbers before gets an exception.
TEST(CudaStart, TorchStartsBeforeTheTableIsAsked) {
  EXPECT_TRUE(start().usable());
  EXPECT_THAT(calls, ElementsAre("torch.is_known", "torch.start", "table.device_info"));
}

TEST(CudaStart, WhatGoesWrongIsAReasonNotAnException) {
  EXPECT_THAT(start(false).what, HasSubstr("before its CUDA library was opened"));
  EXPECT_THAT(calls, ElementsAre("torch.is_known"));
  const CudaState failed = start(true, true);
  EXPECT_THAT(failed.what, HasSubstr("CUDA does not start: no CUDA-capable device is detected"));
  EXPECT_THAT(failed.remedy, HasSubstr("nvidia-smi"));
  EXPECT_THAT(calls, ElementsAre("torch.is_known", "torch.start"));
  capability = 7;
  EXPECT_THAT(start().what, HasSubstr("a GPU has compute capability 7.0"));
  capability = 9;
}

// Without a driver the true one refuses too; that it is started at all is what a GPU's first hour needs.
TEST(CudaStart, TorchItselfIsAsked) {
  const TorchCuda torch = torch_cuda();
  if (!torch.is_known()) {
    EXPECT_THROW(torch.start(), c10::Error);
  }
  EXPECT_EQ(driver_names().front(), "libcuda.so.1");
  EXPECT_GE(driver_names().size(), 2u);
}

}  // namespace
}  // namespace film::kernels

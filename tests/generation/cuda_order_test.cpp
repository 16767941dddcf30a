// The order in which a GPU is asked when a model is opened for questions: its memory first, then the plan, and only then
// the first tensor.
#include <gmock/gmock.h>

#include "../support/cuda_table.h"
#include "../support/failure.h"
#include "film/generation/cached_model.h"
#include "film/kernels/device.h"

namespace film::generation {
namespace {

using support::cuda_calls;
using support::CudaTable;
using ::testing::ElementsAre;

constexpr std::uint64_t kGiB = 1ull << 30;

engine::ModelOptions on_gpu(engine::DeviceChoice choice, std::uint64_t limit = 0) {
  return {.folder = fs::path(FILM_TEST_DATA) / "parity/v02", .device = choice, .memory_limit = limit};
}

TEST(CudaOrder, AModelIsPlannedBeforeAnythingIsAllocated) {
  for (const engine::DeviceChoice choice : {engine::DeviceChoice::cuda, engine::DeviceChoice::automatic}) {
    const CudaTable gpu(24 * kGiB);
    EXPECT_THROW(open_model(on_gpu(choice)), c10::Error);
    EXPECT_THAT(cuda_calls, ElementsAre("table.memory", support::kFirstAllocation));
  }
}

TEST(CudaOrder, WhatDoesNotFitIsRefusedWithoutATensor) {
  struct Case {
    std::uint64_t gpu, limit;
  };
  for (const Case& c : {Case{1 << 20, 0}, Case{24 * kGiB, 1 << 20}, Case{100 << 20, 0}}) {
    const CudaTable gpu(c.gpu);
    const std::string said =
        support::failure_of([&] { open_model(on_gpu(engine::DeviceChoice::cuda, c.limit)); });
    EXPECT_TRUE(said.starts_with("78 asking this model needs ")) << said;
    EXPECT_THAT(cuda_calls, ElementsAre("table.memory"));
  }
}

TEST(CudaOrder, ACpuModelAsksNoGpu) {
  const CudaTable gpu(24 * kGiB);
  EXPECT_NE(open_model(on_gpu(engine::DeviceChoice::cpu)), nullptr);
  EXPECT_THAT(cuda_calls, ElementsAre());
}

TEST(CudaOrder, FactsOfTheGpuAreTheTables) {
  const CudaTable gpu(40 * kGiB);
  const at::Device device = kernels::choose_device(engine::DeviceChoice::cuda);
  const kernels::DeviceFacts facts = kernels::device_facts(device);
  EXPECT_EQ(facts.name, "a GPU");
  EXPECT_EQ(facts.capability, "9.0");
  EXPECT_EQ(facts.free, 40 * kGiB);
  EXPECT_THAT(cuda_calls, ElementsAre("table.device_info", "table.memory"));
  const engine::MemoryBytes bytes = memory_of(device);
  EXPECT_EQ(bytes.kind, engine::DeviceKind::gpu);
  EXPECT_EQ(bytes.taken, 0u);
  EXPECT_EQ(bytes.free, 40 * kGiB);
}

}  // namespace
}  // namespace film::generation

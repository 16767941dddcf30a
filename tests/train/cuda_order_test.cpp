// The order in which a GPU is asked when training starts: its memory, then the plan, and only then the first tensor.
#include <gmock/gmock.h>

#include "../support/cuda_table.h"
#include "../support/failure.h"
#include "support.h"

namespace film::train {
namespace {

using support::cuda_calls;
using support::CudaTable;
using support::first_call;

constexpr std::uint64_t kGiB = 1ull << 30;

class TrainingOrder : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { data_ = testing::make_data(testing::fresh_folder("cuda_order")); }

  static engine::TrainSettings settings(engine::Offload offload, double limit = 0) {
    engine::TrainSettings s = testing::tiny_settings(data_);
    s.device = engine::DeviceChoice::cuda;
    s.precision = engine::Precision::bfloat16;
    s.memory.offload = offload;
    s.memory.limit = limit;
    return s;
  }

  static inline fs::path data_;
};

TEST_F(TrainingOrder, MemoryIsAskedBeforeTheFirstTensor) {
  using enum engine::Offload;
  for (const engine::Offload offload : {automatic, none, cpu, disk}) {
    const CudaTable gpu(24 * kGiB);
    EXPECT_THROW(testing::run_train(settings(offload), testing::fresh_folder("cuda_order_run")), c10::Error);
    EXPECT_EQ(cuda_calls.back(), support::kFirstAllocation);
    EXPECT_EQ(first_call(support::kFirstAllocation), cuda_calls.size() - 1);
    EXPECT_LT(first_call("table.memory"), cuda_calls.size()) << "the plan knows what the GPU has";
    EXPECT_LT(first_call("table.device_info"), cuda_calls.size());
  }
}

TEST_F(TrainingOrder, APlanThatDoesNotFitIsRefusedWithoutATensor) {
  struct Case {
    std::uint64_t gpu;
    double limit;  // GiB
  };
  for (const Case& c : {Case{64 << 20, 0}, Case{24 * kGiB, 0.01}, Case{700 << 20, 0}}) {
    const CudaTable gpu(c.gpu);
    const std::string said = support::failure_of([&] {
      testing::run_train(settings(engine::Offload::none, c.limit), testing::fresh_folder("cuda_order_run"));
    });
    EXPECT_TRUE(said.starts_with("78 this run needs ")) << said;
    EXPECT_EQ(first_call(support::kFirstAllocation), cuda_calls.size()) << said;
    EXPECT_LT(first_call("table.memory"), cuda_calls.size());
  }
}

}  // namespace
}  // namespace film::train

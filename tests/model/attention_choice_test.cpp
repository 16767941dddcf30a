// Which call attention takes on a GPU, and what happens when the fast one refuses.
#include "film/model/attention_choice.h"

#include <ATen/Context.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "model/attention_tiles.h"

namespace film::model {
namespace {

class AttentionChoice : public ::testing::Test {
 protected:
  void SetUp() override { choose_attention(engine::AttentionChoice::automatic, false); }
  void TearDown() override { choose_attention(engine::AttentionChoice::automatic, false); }
};

TEST_F(AttentionChoice, TheSettingsDecide) {
  EXPECT_TRUE(may_use_cudnn());
  choose_attention(engine::AttentionChoice::flash, false);
  EXPECT_FALSE(may_use_cudnn());
  EXPECT_FALSE(at::globalContext().deterministicAlgorithms());
  choose_attention(engine::AttentionChoice::automatic, true);
  EXPECT_FALSE(may_use_cudnn());
  EXPECT_TRUE(at::globalContext().deterministicAlgorithms());
  EXPECT_FALSE(at::globalContext().deterministicFillUninitializedMemory());
  EXPECT_NE(std::getenv("CUBLAS_WORKSPACE_CONFIG"), nullptr) << "Torch refuses products without it";
  choose_attention(engine::AttentionChoice::automatic, false);
  EXPECT_TRUE(may_use_cudnn());
}

// A refusal is answered by the other call, this time and from then on; it is said once.
TEST_F(AttentionChoice, ARefusalIsAnsweredByFlash) {
  int cudnn = 0, flash = 0;
  const auto attend = [&](bool refuses) {
    return cudnn_or_flash(
        [&] {
          ++cudnn;
          TORCH_CHECK(!refuses, "No valid execution plans built");
          return 1;
        },
        [&] {
          ++flash;
          return 2;
        });
  };
  EXPECT_EQ(attend(false), 1);
  EXPECT_TRUE(may_use_cudnn());
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(attend(true), 2);
  leave_cudnn("again");
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("cuDNN refused: No valid execution plans built"), std::string::npos) << said;
  EXPECT_EQ(said.find("again"), std::string::npos);
  EXPECT_FALSE(may_use_cudnn());
  EXPECT_EQ(cudnn, 2);
  EXPECT_EQ(flash, 1);
}

TEST_F(AttentionChoice, ALackOfMemoryIsNoRefusal) {
  const auto full = [] {
    return cudnn_or_flash([]() -> int { throw c10::OutOfMemoryError({}, "CUDA out of memory"); },
                          [] { return 2; });
  };
  EXPECT_THROW(full(), c10::OutOfMemoryError);
  EXPECT_TRUE(may_use_cudnn());
}

// Without a fused call the scores are in memory, and their square is bounded.
TEST_F(AttentionChoice, TheLongestSequenceOfAGpu) {
  using engine::Precision;
  EXPECT_GT(longest_on_gpu(Precision::bfloat16, 32, 128), std::int64_t{1} << 40);
  for (const auto& [precision, heads, head] : {std::tuple{Precision::float32, 32, 128},
                                               {Precision::bfloat16, 4, 6},
                                               {Precision::bfloat16, 8, 512}}) {
    const std::int64_t most = longest_on_gpu(precision, heads, head);
    EXPECT_LE(heads * most * most, kUnfusedCells);
    EXPECT_GT(heads * (most + 1) * (most + 1), kUnfusedCells);
  }
}

// What is not cuDNN's refusal is nobody's to hide.
TEST_F(AttentionChoice, FlashsOwnErrorIsTheCallers) {
  const auto broken = [] {
    return cudnn_or_flash([]() -> int { TORCH_CHECK(false, "one"); },
                          []() -> int { TORCH_CHECK(false, "two"); });
  };
  EXPECT_THROW(broken(), c10::Error);
}

}  // namespace
}  // namespace film::model

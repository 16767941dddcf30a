// Where the optimizer's state goes when that is left to film: Mistral-7B on machines of several sizes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "film/engine/fits.h"
#include "film/engine/gpu_model.h"

namespace film::engine {
namespace {

constexpr std::uint64_t kGiB = 1ull << 30;

PassShape pass(std::int64_t rows) {
  const auto T = static_cast<double>(rows);
  return {.rows = rows, .answer_rows = 200, .visible = T * (T + 1) / 2, .answer_visible = 200 * T};
}

struct Machine {
  const char* name;
  DeviceKind kind;
  std::uint64_t limit, host, disk;  // GiB
  std::int64_t rows;
  Offload expected;
};

MemoryPlan plan(const Machine& m, MemorySettings settings = {}) {
  const MemoryPlaces places{m.limit * kGiB, 0, m.host * kGiB, m.disk * kGiB};
  return plan_offload(ModelConfig{}, Precision::bfloat16, settings, pass(m.rows), places, {m.kind, 9, 132});
}

TEST(ChooseOffload, TheFastestPlaceThatFits) {
  const auto gpu = DeviceKind::gpu, cpu = DeviceKind::cpu;
  for (const Machine& m :
       {Machine{"80 GB, a large host", gpu, 77, 200, 0, 32768, Offload::cpu},
        {"80 GB, a small host, a disk", gpu, 77, 60, 200, 32768, Offload::disk},
        {"80 GB, neither", gpu, 77, 60, 60, 32768, Offload::none},
        {"141 GB, long passes: fewer things are computed again", gpu, 134, 200, 0, 32768, Offload::cpu},
        {"141 GB, a small host", gpu, 134, 20, 0, 32768, Offload::none},
        {"192 GB, short passes: nothing is computed again", gpu, 180, 200, 200, 2048, Offload::none},
        {"192 GB, long passes", gpu, 180, 200, 200, 32768, Offload::cpu},
        {"a large CPU machine", cpu, 500, 500, 500, 32768, Offload::none},
        {"a CPU machine of 64 GB", cpu, 60, 60, 500, 4096, Offload::disk},
        {"the same without disk", cpu, 60, 60, 10, 4096, Offload::none}})
    EXPECT_EQ(name_of(plan(m).offload), name_of(m.expected)) << m.name;
}

TEST(ChooseOffload, AWordOfTheUserIsKept) {
  for (const Offload wanted : {Offload::none, Offload::cpu, Offload::disk}) {
    MemorySettings settings;
    settings.offload = wanted;
    EXPECT_EQ(plan({"", DeviceKind::gpu, 10, 0, 0, 4096, wanted}, settings).offload, wanted);
  }
}

// What is refused names the largest item, and first what makes that one smaller.
TEST(ChooseOffload, ARefusalNamesTheSettingThatHelps) {
  const auto said = [](const Machine& m, ActivationCheckpointing policy, Offload offload) {
    TrainSettings settings;
    settings.model_folder = "m";
    settings.precision = Precision::bfloat16;
    settings.memory.activation_checkpointing = policy;
    settings.memory.offload = offload;
    const auto refusal = memory_refusal(plan(m, settings.memory), m.limit * kGiB, settings);
    return refusal ? std::string(refusal->what()) + " | " + refusal->hint() : "fits";
  };
  using enum ActivationCheckpointing;
  using ::testing::HasSubstr;
  const Machine gpu{"", DeviceKind::gpu, 77, 200, 0, 32768, Offload::none};
  EXPECT_EQ(said(gpu, automatic, Offload::automatic), "fits");
  EXPECT_THAT(said(gpu, automatic, Offload::none),
              HasSubstr("optimizer state alone needs 67.44 GiB | --set memory.offload=cpu or disk"));
  EXPECT_THAT(said(gpu, none, Offload::cpu), HasSubstr("| --set memory.activation_checkpointing=auto"));
  Machine long_pass = gpu;
  long_pass.rows = 400'000;
  EXPECT_THAT(said(long_pass, automatic, Offload::cpu), HasSubstr("layer inputs alone needs 97."));
  EXPECT_THAT(said(long_pass, automatic, Offload::cpu), HasSubstr("| a lower --set pack_tokens=N"));
  Machine small = gpu;
  small.limit = 20;
  EXPECT_THAT(said(small, automatic, Offload::cpu),
              HasSubstr("gradients alone needs 26.98 GiB | name a smaller model"));
}

// FlashAttention's deterministic backward: five copies of dq where 32 heads share 132 processors.
TEST(ChooseOffload, ADeterministicBackwardNeedsMore) {
  PassShape longest = pass(32768);
  const auto temporaries = [&] {
    MemorySettings settings;
    settings.activation_checkpointing = ActivationCheckpointing::full;
    const MemoryPlan p =
        plan_memory(ModelConfig{}, Precision::bfloat16, settings, longest, 0, 0, {DeviceKind::gpu, 9, 132});
    return std::ranges::find(p.items, "temporaries", &MemoryItem::name)->bytes;
  };
  const std::uint64_t usual = temporaries();
  longest.deterministic = true;
  EXPECT_EQ(temporaries() - usual, 4ull * 32768 * 4096 * 4);
}

}  // namespace
}  // namespace film::engine

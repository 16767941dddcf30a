// The plan of a run's memory: what is chosen under which limit. That the run keeps to it is measured by
// tests/end_to_end/memory_plan_test.py.
#include "film/engine/memory_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace film::engine {
namespace {

constexpr std::uint64_t kGiB = 1ull << 30;

// One sequence of 32,768 tokens with 200 answers, in Mistral-7B.
PassShape long_pass() {
  const double T = 32768;
  return {32768, 200, T * (T + 1) / 2, 200 * T};
}

MemoryPlan plan(const std::string& keep, std::uint64_t limit, const std::string& state = "resident") {
  MemorySettings settings;
  settings.keep = keep;
  settings.state = state;
  return plan_memory(ModelConfig{}, Precision::bfloat16, settings, long_pass(), limit, 0);
}

std::uint64_t item(const MemoryPlan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.items, name, &MemoryItem::name);
  return found == plan.items.end() ? 0 : found->bytes;
}

std::int64_t kept(const MemoryPlan& p, bool LayerKeep::*what) {
  return std::ranges::count_if(p.keep, [&](const LayerKeep& k) { return k.*what; });
}

TEST(MemoryPlan, StateOfMistral7B) {
  const auto P = static_cast<std::uint64_t>(ModelConfig{}.parameters());
  EXPECT_EQ(P, 7'241'732'096u);
  const MemoryPlan p = plan("input", 0);
  EXPECT_EQ(item(p, "weights"), 2 * P);
  EXPECT_EQ(item(p, "gradients"), 4 * P);
  EXPECT_EQ(item(p, "optimizer state"), 10 * P);
  EXPECT_EQ(item(p, "layer inputs"), 32ull * 32768 * (4096 * 2 + 8));
  EXPECT_EQ(item(plan("input", 0, "file"), "optimizer state"), 0u);
  EXPECT_NEAR(static_cast<double>(item(plan("input", 0, "file"), "staging")), 512.0 * (1 << 20), 1 << 20);
}

TEST(MemoryPlan, AllOrTheLeast) {
  for (const LayerKeep& keep : plan("all", 0).keep) EXPECT_EQ(keep, LayerKeep{});
  for (const LayerKeep& keep : plan("input", 1000 * kGiB).keep)
    EXPECT_EQ(keep, (LayerKeep{false, false, false, false}));
  for (const LayerKeep& keep : plan("attention", 0).keep)
    EXPECT_EQ(keep, (LayerKeep{false, true, false, false}));
  for (const LayerKeep& keep : plan("auto", 1000 * kGiB).keep) EXPECT_EQ(keep, LayerKeep{});
}

// At 32K attention's output saves eight times the arithmetic per byte of anything else, so it comes first.
TEST(MemoryPlan, AttentionComesFirst) {
  const std::uint64_t least = plan("input", 0).total();
  const MemoryPlan few = plan("auto", least + 4 * kGiB);
  EXPECT_GT(kept(few, &LayerKeep::attention), 12);
  EXPECT_EQ(kept(few, &LayerKeep::gate_up), 1);  // the last layer's, on answer rows: next to nothing
  const MemoryPlan more = plan("auto", least + 20 * kGiB);
  EXPECT_EQ(kept(more, &LayerKeep::attention), 32);
  EXPECT_GT(
      kept(more, &LayerKeep::gate_up) + kept(more, &LayerKeep::middle) + kept(more, &LayerKeep::projections),
      10);
}

// With as much room as it asks for, more room never keeps less, and the limit is kept whenever it can be.
TEST(MemoryPlan, MoreRoomKeepsMoreAndTheLimitHolds) {
  std::uint64_t before = 0;
  const std::uint64_t least = plan("input", 0).total();
  for (std::uint64_t limit = least; limit < least + 80 * kGiB; limit += kGiB / 2) {
    const MemoryPlan p = plan("auto", limit);
    EXPECT_LE(p.total(), limit);
    const std::uint64_t activations = item(p, "kept activations");
    EXPECT_GE(activations + kGiB, before);  // one large tensor may give way to several small ones
    before = activations;
  }
}

TEST(MemoryPlan, SaysWhatItChose) {
  EXPECT_EQ(plan("attention", 0).keep_summary(),
            "attention 32, middle 0, projections 0, gate and up 0 of 32 layers");
}

TEST(MemoryPlan, TheMachineSaysWhatItHas) {
  EXPECT_GT(free_memory(), 1u << 20);
  EXPECT_GT(resident_memory(), 1u << 20);
  EXPECT_GE(peak_memory(), resident_memory());
}

}  // namespace
}  // namespace film::engine

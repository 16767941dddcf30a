// The plan of a run's memory: what is chosen under which limit. That the run keeps to it is
// measured by tests/end_to_end/memory_plan_test.py.
#include "film/engine/memory_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace film::engine {
namespace {

constexpr std::uint64_t kGiB = 1ull << 30;

// One sequence of 32,768 tokens with 200 answers, in Mistral-7B.
PassShape long_pass() {
  const double T = 32768;
  return {.rows = 32768, .answer_rows = 200, .visible = T * (T + 1) / 2, .answer_visible = 200 * T};
}

using enum ActivationCheckpointing;

MemoryPlan plan(ActivationCheckpointing checkpointing, std::uint64_t limit, Offload offload = Offload::none) {
  MemorySettings settings;
  settings.activation_checkpointing = checkpointing;
  settings.offload = offload;
  return plan_memory(ModelConfig{}, Precision::bfloat16, settings, long_pass(), limit, 0);
}

std::uint64_t item(const MemoryPlan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.items, name, &MemoryItem::name);
  return found == plan.items.end() ? 0 : found->bytes;
}

std::int64_t saved(const MemoryPlan& p, bool ActivationSet::*what) {
  return std::ranges::count_if(p.saved, [&](const ActivationSet& set) { return set.*what; });
}

TEST(MemoryPlan, StateOfMistral7B) {
  const auto P = static_cast<std::uint64_t>(ModelConfig{}.parameters());
  EXPECT_EQ(P, 7'241'732'096u);
  const MemoryPlan p = plan(full, 0);
  EXPECT_EQ(item(p, "weights"), 2 * P);
  EXPECT_EQ(item(p, "gradients"), 4 * P);
  EXPECT_EQ(item(p, "optimizer state"), 10 * P);
  EXPECT_EQ(item(p, "layer inputs"), 32ull * 32768 * (4096 * 2 + 8));
  EXPECT_EQ(item(plan(full, 0, Offload::disk), "optimizer state"), 0u);
  EXPECT_NEAR(static_cast<double>(item(plan(full, 0, Offload::disk), "staging")), 512.0 * (1 << 20), 1 << 20);
}

MemoryPlan shared_plan(const Sharing& sharing, bool deterministic = false, int processors = 132) {
  MemorySettings settings;
  settings.activation_checkpointing = full;
  PlanDevice device(DeviceKind::gpu, 9, processors);
  device.sharing = sharing;
  PassShape pass = long_pass();
  pass.deterministic = deterministic;
  return plan_memory(ModelConfig{}, Precision::bfloat16, settings, pass, 0, 0, device);
}

// Of 16 ranks in two nodes: what each has of the 16 bytes of a parameter, and what is whole for a while.
TEST(MemoryPlan, RanksShareWeightsGradientsStateAndRows) {
  const auto P = static_cast<std::uint64_t>(ModelConfig{}.parameters());
  struct Case {
    Sharing sharing;
    std::uint64_t model, state;  // parts
  };
  for (const auto& [sharing, model, state] :
       {Case{{.shard = Shard::none, .ranks = 16}, 1, 1},
        Case{{.shard = Shard::optimizer, .ranks = 16}, 1, 16},
        Case{{.shard = Shard::full, .ranks = 16, .model = 16}, 16, 16},
        Case{{.shard = Shard::hybrid, .ranks = 16, .model = 8}, 8, 8}}) {
    const MemoryPlan p = shared_plan(sharing);
    EXPECT_EQ(item(p, "weights"), 2 * P / model) << name_of(sharing.shard);
    EXPECT_EQ(item(p, "gradients"), 4 * P / model);
    EXPECT_NEAR(static_cast<double>(item(p, "optimizer state")),
                10. * static_cast<double>(P) / static_cast<double>(state), 1);
    const std::uint64_t ends = 2ull * 32000 * 4096 + 4096, layer = (P - ends) / 32;
    EXPECT_EQ(item(p, "gathered"), model > 1 ? 6 * (ends + 2 * layer) : 0);
  }
}

TEST(MemoryPlan, SequencesOverRanksTakeTheirPart) {
  const MemoryPlan alone = shared_plan({.ranks = 8}), eight = shared_plan({.ranks = 8, .sequence = 8});
  EXPECT_EQ(item(eight, "layer inputs"), item(alone, "layer inputs") / 8);
  EXPECT_LT(item(eight, "temporaries"), item(alone, "temporaries") / 3);
  EXPECT_EQ(item(eight, "weights"), item(alone, "weights"));
  EXPECT_EQ(most_rows(9, 4), 3);
  EXPECT_EQ(most_rows(8, 4), 2);
}

// As many as there are multiprocessors for each of the heads that this rank has: on GPUs of 132 and of 264.
TEST(MemoryPlan, CopiesOfADeterministicBackwardAreOfTheHeadsAtHand) {
  struct Case {
    int sequence;
    std::uint64_t small, large;
  };
  for (const auto& [sequence, small, large] :
       {Case{1, 5, 9}, Case{2, 9, 17}, Case{4, 17, 33}, Case{8, 33, 66}}) {
    const auto temporaries = [&](int processors) {
      return item(shared_plan({.ranks = 8, .sequence = sequence}, true, processors), "temporaries");
    };
    const std::uint64_t copy = 32768ull * 4096 * 4 / static_cast<std::uint64_t>(sequence);
    EXPECT_EQ(temporaries(264) - temporaries(132), (large - small) * copy) << sequence;
  }
}

// FlashAttention's and cuDNN's backward keep dq in fp32 and dk, dv of all 32 heads: a gibibyte at 32K.
TEST(MemoryPlan, AGpusOwnWorkSpaceCounts) {
  MemorySettings settings;
  settings.activation_checkpointing = full;
  const auto on = [&](DeviceKind device) {
    return plan_memory(ModelConfig{}, Precision::bfloat16, settings, long_pass(), 0, 0, device);
  };
  const MemoryPlan cpu = on(DeviceKind::cpu), gpu = on(DeviceKind::gpu);
  // Attention's backward. On a GPU: dq in fp32, dk and dv of every query head, a sum for each row. On a CPU all in fp32: q, out
  // and its gradient, dq, keys and values, these transposed, dk and dv of every query head.
  const ModelConfig c;
  const auto T = static_cast<std::uint64_t>(long_pass().rows),
             A = static_cast<std::uint64_t>(c.query_width()), K = static_cast<std::uint64_t>(c.key_width()),
             N = static_cast<std::uint64_t>(c.num_attention_heads);
  EXPECT_EQ(item(cpu, "temporaries") - item(gpu, "temporaries"),
            T * ((6 * A + 4 * K) * 4 - (A * 4 + 2 * A * 2 + N * 4)));
  EXPECT_EQ(item(gpu, "program and libraries"), 768ull << 20);
  for (const std::int64_t chunk : {1, 3, 256, 1000})
    for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
      settings.chunk = chunk;
      EXPECT_EQ(settings.chunk_elements(precision) % 64, 0);
      EXPECT_GE(settings.chunk_elements(precision) * state_bytes(precision), (chunk << 20) - 640);
    }
}

TEST(MemoryPlan, AllOrTheLeast) {
  for (const ActivationSet& set : plan(none, 0).saved) EXPECT_EQ(set, ActivationSet{});
  for (const ActivationSet& set : plan(full, 1000 * kGiB).saved)
    EXPECT_EQ(set, (ActivationSet{false, false, false, false}));
  for (const ActivationSet& set : plan(attention, 0).saved)
    EXPECT_EQ(set, (ActivationSet{false, true, false, false}));
  for (const ActivationSet& set : plan(automatic, 1000 * kGiB).saved) EXPECT_EQ(set, ActivationSet{});
}

// At 32K attention's output saves eight times the arithmetic per byte of anything else, so it comes first.
TEST(MemoryPlan, AttentionComesFirst) {
  const std::uint64_t least = plan(full, 0).total();
  const MemoryPlan few = plan(automatic, least + 4 * kGiB);
  EXPECT_GT(saved(few, &ActivationSet::attention), 12);
  EXPECT_EQ(saved(few, &ActivationSet::gate_up), 1);  // the last layer's, on answer rows: next to nothing
  const MemoryPlan more = plan(automatic, least + 20 * kGiB);
  EXPECT_EQ(saved(more, &ActivationSet::attention), 32);
  EXPECT_GT(saved(more, &ActivationSet::gate_up) + saved(more, &ActivationSet::middle) +
                saved(more, &ActivationSet::projections),
            10);
}

// With as much room as it asks for, more room never saves less, and the limit holds whenever it can be.
TEST(MemoryPlan, MoreRoomSavesMoreAndTheLimitHolds) {
  std::uint64_t before = 0;
  const std::uint64_t least = plan(full, 0).total();
  for (std::uint64_t limit = least; limit < least + 80 * kGiB; limit += kGiB / 2) {
    const MemoryPlan p = plan(automatic, limit);
    EXPECT_LE(p.total(), limit);
    const std::uint64_t activations = item(p, "saved activations");
    EXPECT_GE(activations + kGiB, before);  // one large tensor may give way to several small ones
    before = activations;
  }
}

TEST(MemoryPlan, SaysWhatItChose) {
  EXPECT_EQ(plan(attention, 0).saved_summary(),
            "attention 32, middle 0, projections 0, gate and up 0 of 32 layers");
}

TEST(MemoryPlan, TheMachineSaysWhatItHas) {
  EXPECT_GT(free_memory(), 1u << 20);
  EXPECT_GT(resident_memory(), 1u << 20);
  EXPECT_GE(peak_memory(), resident_memory());
}

}  // namespace
}  // namespace film::engine

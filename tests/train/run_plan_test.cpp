// Plans from lengths alone, for GPUs that are not here.
#include "train/run_plan.h"

#include <gtest/gtest.h>

#include "film/base/error.h"
#include "train/fitting_plan.h"
#include "train/stage_shapes.h"

namespace film::train {
namespace {

RunPlan plan(const engine::TrainSettings& settings, const engine::PlanOptions& options, const char* gpu) {
  return plan_run(settings, settings.model, {shapes_of(options, settings.stages[0], settings.seed)},
                  target_on(engine::gpu_model(gpu), settings));
}

engine::TrainSettings paper() {
  engine::TrainSettings settings;
  settings.precision = engine::Precision::bfloat16;
  settings.stages[0].batch = 128;
  return settings;
}

TEST(RunPlan, CountsStandForData) {
  const engine::TrainSettings settings = paper();
  const RunPlan p = plan(settings, {{}, 1'000'000, 4096, 32768}, "a100-80");
  EXPECT_EQ(p.steps, 7813);
  EXPECT_EQ(p.pairs, 7813u * 128);
  EXPECT_EQ(p.longest.rows, 32768) << "the longest is among those that are planned";
  EXPECT_NEAR(static_cast<double>(p.tokens) / (1'000'000.0 * (4096 + 32768) / 2), 1, 0.02);
  EXPECT_EQ(p.padding, 0u) << "no cuDNN there";
  EXPECT_EQ(p.answer_tokens, p.pairs * engine::kPlannedAnswer);
  const RunPlan few = plan(settings, {{}, 1000, 300, 300}, "a100-80");
  EXPECT_EQ(few.steps, 8);
  EXPECT_EQ(few.tokens, 1024u * 300);
}

// All lengths that a Hopper's attention sees are multiples of 256, and passes stay within pack_tokens.
TEST(RunPlan, LengthsArePaddedWhereThatIsFaster) {
  engine::TrainSettings settings = paper();
  settings.pack_tokens = 30'100;  // no multiple itself
  const engine::PlanOptions options{{}, 10'000, 2000, 30'000};
  const RunPlan p = plan(settings, options, "h100-80");
  EXPECT_GT(p.padding, 0u);
  EXPECT_LT(static_cast<double>(p.padding), 0.06 * static_cast<double>(p.tokens));
  EXPECT_EQ(p.longest.rows, 30'720) << "one of 30,000 has a pass of its own";
  EXPECT_EQ(p.longest_tile % 256, 0);
  settings.attention = engine::AttentionChoice::flash;
  EXPECT_EQ(plan(settings, options, "h100-80").padding, 0u);
}

// Several questions: the context is what attention's causal tile holds, so that is padded.
TEST(RunPlan, SharedContextsReachTheFastAttentionToo) {
  const batches::ExampleShape shared{5000, {{30, 9}, {7, 2}, {40, 11}}};
  engine::TrainSettings settings = paper();
  const batches::PackOptions options =
      pack_options(settings, settings.model, {engine::DeviceKind::gpu, 9, 132});
  const batches::PlannedSequence sequence = plan_packs({shared}, options).at(0).sequences.at(0);
  EXPECT_EQ((shared.context + sequence.padding) % 256, 0);
  PassCost cost;
  cost.add(shared, sequence);
  EXPECT_EQ(cost.longest_tile, 5120);
  EXPECT_EQ(cost.padded_rows, static_cast<double>(shared.rows()) + 120);
  EXPECT_EQ(cost.padded_visible - cost.visible, 5120.0 * 5121 / 2 - 5000.0 * 5001 / 2);
}

// Short sequences share one call of another kind: padding them would only cost.
TEST(RunPlan, ShortSequencesStayAsTheyAre) {
  const engine::TrainSettings settings = paper();
  EXPECT_EQ(plan(settings, {{}, 1000, 100, 1500}, "h100-80").padding, 0u);
}

// Mistral-7B with the paper's lengths, by the size of the GPU: where its state is, or that it does not fit.
TEST(RunPlan, WhatTrainsOnWhichGpu) {
  const engine::TrainSettings settings = paper();
  struct Row {
    const char* gpu;
    const char* offload;  // empty: does not fit
  };
  for (const Row& row : {Row{"rtx4090-24", ""},
                         {"a100-40", ""},
                         {"l40s-48", ""},
                         {"a100-80", "cpu"},
                         {"h100-80", "cpu"},
                         {"h100-94", "cpu"},
                         {"h200-141", "cpu"},
                         {"b200-192", "cpu"}}) {
    const PlanTarget target = target_on(engine::gpu_model(row.gpu), settings);
    const RunPlan p = plan(settings, {{}, 10'000, 4096, 32768}, row.gpu);
    const bool fits = p.memory.total() <= target.most;
    EXPECT_EQ(fits ? std::string(name_of(p.memory.offload)) : "", row.offload)
        << row.gpu << " " << p.memory.total();
  }
}

// What would end a run in its first pass is said by its plan.
TEST(RunPlan, SequencesThatNoCallTakesAreRefused) {
  engine::TrainSettings settings = paper();
  const engine::PlanDevice gpu = engine::gpu_model("h100-80").plan_device();
  EXPECT_NO_THROW(require_attention(32768, settings, settings.model, gpu));
  settings.precision = engine::Precision::float32;
  EXPECT_NO_THROW(require_attention(2048, settings, settings.model, gpu));
  EXPECT_NO_THROW(require_attention(32768, settings, settings.model, {}));
  try {
    require_attention(32768, settings, settings.model, gpu);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.code()), 78);
    EXPECT_NE(std::string(error.what()).find("32768 tokens: in float32"), std::string::npos) << error.what();
    EXPECT_NE(error.hint().find("bfloat16"), std::string::npos);
  }
}

}  // namespace
}  // namespace film::train

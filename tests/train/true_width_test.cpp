// Layers as wide as Mistral-7B's: the code that trains the tiny models, at the size it is for.
// tests/bench/true_width.py does the same with more layers and measures it.
#include <gtest/gtest.h>

#include <cmath>

#include "../support/packs.h"
#include "film/model/mistral.h"
#include "support.h"
#include "train/train_step.h"

namespace film::train {
namespace {

using testing::fresh_folder;

// 218 M parameters in bf16 with fp32 masters; the optimizer's state streamed from a file, one step, saved as
// a checkpoint and loaded into fp32: the masters are those of the run, bit for bit.
TEST(TrueWidth, OneLayerStreamedStepSavedAndLoaded) {
  const fs::path folder = fresh_folder("wide");
  engine::ModelConfig config;  // Mistral-7B's defaults
  config.num_hidden_layers = 1;
  config.vocab_size = 512;
  engine::MemorySettings memory;
  memory.offload = engine::Offload::disk;
  memory.chunk = 64;
  TrainingRun run = make_run(config, at::kBFloat16, memory, folder);
  at::manual_seed(3);  // initialise() draws from its own generator, which is slower
  for (const model::Parameter& p : run.parameters) {
    if (p.kind == model::ParameterKind::norm)
      p.weight.fill_(1);
    else
      Tensor(p.weight).normal_(0, 0.02);
  }

  batches::EncodedExample example;
  for (text::TokenId i = 0; i < 40; ++i) example.context.push_back(i);
  example.pairs.push_back({{41, 42}, {43, 44, 2}});
  const auto packs = testing::make_packs({example}, {});
  const Optimizer optimizer({}, run.parameters);
  const StepMetrics first = train_step(run, optimizer, testing::in_memory(packs), 1e-5);
  EXPECT_NEAR(first.loss, std::log(512.0) + 0.8, 2);  // untrained logits have variance 0.02^2 x 4096
  const model::PackResult after = model::run_pack(config, run.weights, packs[0], nullptr);
  EXPECT_LT(after.loss, first.loss);

  const checkpoint::TrainingState state = state_of(run);
  const fs::path saved =
      checkpoint::save_checkpoint(folder, "step-1", config, run.parameters, state, {at::kBFloat16, true, ""});
  const TrainingRun again = make_run(config, at::kBFloat16, memory, folder);
  checkpoint::TrainingState loaded = state_of(again);
  checkpoint::load_checkpoint(saved, again.parameters, loaded);
  EXPECT_EQ(model::run_pack(config, again.weights, packs[0], nullptr).loss, after.loss);
  for (const auto& [left, right] :
       {std::pair{state.first_moment, loaded.first_moment},
        std::pair{state.second_moment, loaded.second_moment}, std::pair{state.remainder, loaded.remainder}})
    for (std::size_t i = 0; i < left.size(); ++i) {
      const checkpoint::TensorSource &a = left[i].source, &b = right[i].source;
      checkpoint::for_each_piece(c10::multiply_integers(a.shape), [&](std::int64_t begin, std::int64_t end) {
        EXPECT_TRUE(at::equal(a.elements(begin, end), b.elements(begin, end))) << a.name;
      });
    }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace film::train

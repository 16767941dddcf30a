// Frozen parameters, and steps of one process's share: what a step touches, and that the rest keeps its bits.
#include <gtest/gtest.h>

#include "../support/packs.h"
#include "../support/stored_tensors.h"
#include "film/model/mistral.h"
#include "support.h"
#include "train/train_step.h"

namespace film::train {
namespace {

using engine::Offload;
using model::Parameter;
using testing::contents;
using testing::fresh_folder;
using testing::several_chunks_model;

std::vector<batches::Pack> packs() {
  std::vector<batches::EncodedExample> examples;
  for (text::TokenId e = 0; e < 3; ++e)
    examples.push_back({{1, e, 5, 7, 9}, {{{11, e, 12}, {13, 14, e, 2}}, {{15}, {e, 2}}}});
  return testing::make_packs(examples, {});
}

engine::OptimizerSettings with_decay() {
  engine::OptimizerSettings settings;
  settings.weight_decay = 0.1;
  settings.clip = 0.5;
  return settings;
}

// The first two layers and the key projections are frozen: whole tensors, and a part of a fused one.
bool trains(const Parameter& p) {
  return !p.name.starts_with("model.layers.0.") && !p.name.starts_with("model.layers.1.") &&
         p.name.find("k_proj") == std::string::npos && p.kind != model::ParameterKind::embedding;
}

class Frozen : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(Frozen, ParametersKeepTheirBits) {
  engine::MemorySettings memory;
  memory.chunk = 1;
  TrainingRun run = make_run(several_chunks_model(), GetParam(), memory, "", trains);
  initialise(run, {}, 1);
  std::vector<Tensor> before;
  for (const Parameter& p : run.parameters) before.push_back(p.weight.clone());
  const auto remainders = contents(run.optimizer.remainder());
  const Optimizer optimizer(with_decay(), run.parameters);
  for (int i = 0; i < 3; ++i) train_step(run, optimizer, testing::in_memory(packs()), 1e-2);
  const auto after = contents(run.optimizer.remainder());
  std::size_t i = 0;
  for (const Parameter& p : run.parameters) {
    EXPECT_EQ(at::equal(p.weight, before[i]), !trains(p)) << p.name;
    if (!after.empty() && !trains(p)) {
      EXPECT_TRUE(at::equal(after[i].second, remainders[i].second)) << p.name;
    }
    ++i;
  }
  for (const auto& [name, moment] : contents(run.optimizer.first_moment()))
    EXPECT_GT(moment.abs().max().item<double>(), 0) << name;
}

INSTANTIATE_TEST_SUITE_P(Types, Frozen, ::testing::Values(at::kFloat, at::kBFloat16),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

// A checkpoint of such a run has moments of the trained parameters alone, and comes back.
TEST(FrozenCheckpoint, HasNoMomentsOfFrozenParameters) {
  const fs::path folder = fresh_folder("frozen");
  TrainingRun run = make_run(several_chunks_model(), at::kFloat, {}, "", trains);
  initialise(run, {}, 1);
  const Optimizer optimizer(with_decay(), run.parameters);
  train_step(run, optimizer, testing::in_memory(packs()), 1e-2);
  const fs::path saved =
      checkpoint::save_checkpoint(folder, "step-1", run.config, run.parameters, state_of(run), {});
  const auto names = checkpoint::SafetensorsFile(saved / "training/first_moment.safetensors").names();
  std::size_t trained = 0;
  for (const Parameter& p : run.parameters) {
    EXPECT_EQ(std::ranges::find(names, p.name) != names.end(), trains(p)) << p.name;
    trained += trains(p) ? 1 : 0;
  }
  EXPECT_EQ(names.size(), trained);

  TrainingRun again = make_run(several_chunks_model(), at::kFloat, {}, "", trains);
  checkpoint::TrainingState state = state_of(again);
  checkpoint::load_checkpoint(saved, again.parameters, state);
  const Optimizer other(with_decay(), again.parameters);
  train_step(run, optimizer, testing::in_memory(packs()), 1e-2);
  again.loop.applied = 1;
  train_step(again, other, testing::in_memory(packs()), 1e-2);
  for (std::size_t i = 0; i < run.parameters.size(); ++i)
    EXPECT_TRUE(at::equal(run.parameters.all()[i].weight, again.parameters.all()[i].weight));
}

// Weights and state after steps that `ranks` processes take one after the other, each with the state of
// its own range.
std::vector<Tensor> stepped(at::ScalarType type, int ranks, Offload offload) {
  engine::MemorySettings memory;
  memory.offload = offload;
  memory.chunk = 1;
  TrainingRun run = make_run(several_chunks_model(), type, memory, fresh_folder("shards"));
  initialise(run, {}, 1);
  const Optimizer optimizer(with_decay(), run.parameters);
  std::vector<OptimizerState> shards;
  for (int rank = 0; rank < ranks; ++rank)
    shards.emplace_back(run.parameters, run.parameters.owned(rank, ranks), memory, fresh_folder("shards"));
  for (std::int64_t t = 1; t <= 3; ++t) {
    run.parameters.zero_gradients();
    for (const batches::Pack& pack : packs()) run_pack(run.config, run.weights, pack, &run.gradients);
    const double norm = optimizer.gradient_norm();
    for (OptimizerState& shard : shards) optimizer.step(shard, 1e-2, norm, t);
  }
  std::vector<Tensor> all = {run.weights.flat};
  for (OptimizerState& shard : shards)
    shard.for_each_chunk([&](const OptimizerState::Chunk& chunk) {
      for (const Tensor& x : {chunk.first, chunk.second, chunk.remainder})
        if (x.defined()) all.push_back(x.clone());
    });
  return all;
}

// Chunks of several shards, laid end to end by kind: `kinds` tensors a chunk.
Tensor end_to_end(const std::vector<Tensor>& all, std::size_t kinds, std::size_t kind) {
  std::vector<Tensor> parts;
  for (std::size_t i = 1 + kind; i < all.size(); i += kinds) parts.push_back(all[i]);
  return at::cat(parts);
}

TEST(OwnedRanges, SteppedShardByShardGiveTheSameBits) {
  for (const auto type : {at::kFloat, at::kBFloat16}) {
    const std::size_t kinds = type == at::kBFloat16 ? 3 : 2;
    const std::vector<Tensor> whole = stepped(type, 1, Offload::none);
    for (const int ranks : {2, 3, 7, 20000}) {  // of the last, most own nothing
      if (ranks > 100 && type == at::kBFloat16) continue;
      for (const Offload offload : {Offload::none, Offload::cpu}) {
        const std::vector<Tensor> got = stepped(type, ranks, offload);
        EXPECT_TRUE(at::equal(got[0], whole[0])) << ranks << " ranks";
        for (std::size_t kind = 0; kind < kinds; ++kind)
          EXPECT_TRUE(at::equal(end_to_end(got, kinds, kind), end_to_end(whole, kinds, kind)))
              << ranks << " ranks";
      }
    }
  }
}

}  // namespace
}  // namespace film::train

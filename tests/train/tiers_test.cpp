// Where the optimizer's state is, and in chunks of what size a step walks through it, does not change a bit.
#include <gtest/gtest.h>

#include "../support/packs.h"
#include "../support/stored_tensors.h"
#include "support.h"
#include "train/train_step.h"

namespace film::train {
namespace {

using engine::Offload;
using testing::fresh_folder;
using testing::several_chunks_model;

std::vector<batches::Pack> packs() {
  std::vector<batches::EncodedExample> examples;
  for (text::TokenId e = 0; e < 3; ++e) {
    batches::EncodedExample example{{1, e, 5, 7, 9}, {}};
    example.pairs.push_back({{11, e, 12}, {13, 14, e, 2}});
    examples.push_back(example);
  }
  return testing::make_packs(examples, {});
}

// Weights, remainders and moments after some steps, end to end.
struct Result {
  std::vector<Tensor> weights, state;
};

Result train(at::ScalarType type, engine::Offload where, std::int64_t chunk, int steps = 6) {
  const fs::path folder = fresh_folder("tier");
  engine::MemorySettings memory;
  memory.offload = where;
  memory.chunk = chunk;
  TrainingRun run = make_run(several_chunks_model(), type, memory, folder);
  initialise(run, {}, 1);
  engine::OptimizerSettings settings;
  settings.weight_decay = 0.1;
  settings.groups = {{"norm", 0.5, 0}};
  const Optimizer optimizer(settings, run.parameters);
  for (int i = 0; i < steps; ++i) train_step(run, optimizer, testing::in_memory(packs()), 1e-3);
  Result result;
  for (const model::Parameter& p : run.parameters) result.weights.push_back(p.weight.clone());
  for (const auto& list :
       {run.optimizer.first_moment(), run.optimizer.second_moment(), run.optimizer.remainder()})
    for (const auto& [name, x] : testing::contents(list)) result.state.push_back(x);
  EXPECT_TRUE(fs::is_empty(folder)) << "a scratch file has no name";
  return result;
}

void expect_same(const Result& a, const Result& b, const std::string& what) {
  ASSERT_EQ(a.state.size(), b.state.size());
  for (std::size_t i = 0; i < a.weights.size(); ++i)
    EXPECT_TRUE(at::equal(a.weights[i], b.weights[i])) << what;
  for (std::size_t i = 0; i < a.state.size(); ++i) EXPECT_TRUE(at::equal(a.state[i], b.state[i])) << what;
}

class Tiers : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(Tiers, GiveTheSameBits) {
  engine::MemorySettings one_mebibyte;
  one_mebibyte.chunk = 1;
  EXPECT_GT(several_chunks_model().parameters(), 3 * one_mebibyte.chunk_elements(engine::Precision::bfloat16))
      << "too small: one chunk holds all";
  const Result whole = train(GetParam(), Offload::none, 256);
  expect_same(whole, train(GetParam(), Offload::none, 1), "none, small chunks");
  expect_same(whole, train(GetParam(), Offload::cpu, 1), "cpu");
  expect_same(whole, train(GetParam(), Offload::cpu, 256), "cpu, one chunk");
  expect_same(whole, train(GetParam(), Offload::disk, 1), "disk");
  EXPECT_FALSE(at::equal(whole.weights[0], train(GetParam(), Offload::none, 256, 5).weights[0]));
}

INSTANTIATE_TEST_SUITE_P(Types, Tiers, ::testing::Values(at::kFloat, at::kBFloat16),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

// An error in a step ends it and is not lost in the thread that moves chunks.
TEST(Tiers, AnErrorInAChunkIsTheCallersError) {
  engine::MemorySettings memory;
  memory.offload = Offload::cpu;
  memory.chunk = 1;
  const model::ParameterList parameters(several_chunks_model(),
                                        model::empty_tensors(several_chunks_model(), at::kFloat));
  OptimizerState state(parameters, parameters.owned(0, 1), memory, "");
  int seen = 0;
  EXPECT_THROW(state.for_each_chunk([&](const OptimizerState::Chunk&) {
    if (++seen == 2) throw io_error("disk");
  }),
               Error);
  EXPECT_EQ(seen, 2);
}

// A disk that does not hold the state is met before the run begins.
TEST(Tiers, TooLittleDiskIsSaidAtOnce) {
  engine::MemorySettings memory;
  memory.offload = Offload::disk;
  engine::ModelConfig huge;
  huge.num_hidden_layers = 1024;
  huge.intermediate_size = 1 << 20;
  huge.hidden_size = 65536;
  const model::ParameterList parameters(
      huge, model::empty_tensors(huge, at::device(at::kMeta).dtype(at::kBFloat16)));
  try {
    OptimizerState state(parameters, parameters.owned(0, 1), memory, fresh_folder("huge"));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io_error);
    EXPECT_NE(std::string(error.what()).find("cannot reserve"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace film::train

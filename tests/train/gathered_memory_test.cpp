// Ranks that share a model hold the whole of a few layers at a time: bytes of all tensors, counted where they are made.
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

#include "rank_runs.h"
#include "train/training_run.h"

namespace film::train {
namespace {

// Counts what the allocator before it gives.
class Counting : public c10::Allocator {
 public:
  explicit Counting(c10::Allocator& inner) : inner_(inner) {}
  c10::DataPtr allocate(std::size_t bytes) override {
    now += bytes;
    most = std::max(most, now);
    auto* block = new Block{inner_.allocate(bytes), bytes, this};
    return {block->memory.get(), block, &give_back, at::kCPU};
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

  std::size_t now = 0, most = 0;

 private:
  struct Block {
    c10::DataPtr memory;
    std::size_t bytes;
    Counting* owner;
  };
  static void give_back(void* context) {
    const std::unique_ptr<Block> block(static_cast<Block*>(context));
    block->owner->now -= block->bytes;
  }
  c10::Allocator& inner_;
};

engine::ModelConfig model_of(std::int64_t layers) {
  engine::ModelConfig config = testing::several_chunks_model();
  config.num_hidden_layers = layers;
  return config;
}

batches::Pack short_pack() {
  return {.ids = {1, 2, 3, 4},
          .positions = {0, 1, 2, 3},
          .groups = {{{0, 3}, {{3, 1}}, {}}},
          .loss_rows = {3},
          .targets = {5},
          .weights = {1},
          .pairs = {0},
          .pair_count = 1};
}

// The most bytes of tensors that a rank has while it makes two steps of two passes.
std::size_t most_bytes(const engine::RankPlace& place, std::int64_t layers, bool shared) {
  at::set_num_threads(1);
  Counting counting(*c10::GetCPUAllocator());
  c10::SetCPUAllocator(&counting, 100);
  {
    ranks::Team team(place, {});
    engine::Sharing sharing{.ranks = place.size};
    if (shared) sharing = {.shard = engine::Shard::full, .ranks = place.size, .model = place.size};
    TrainingRun run = make_run(model_of(layers), at::kFloat, {}, "", {}, {sharing, &team});
    counting.most = counting.now;  // initial values are whole, a parameter at a time
    const Optimizer optimizer({}, run.parameters);
    for (int step = 0; step < 2; ++step)
      train_step(run, optimizer, {2, [](std::size_t) { return short_pack(); }, 2}, 1e-3, team);
  }
  return counting.most;
}

// Bytes that one more layer takes of a rank.
double bytes_of_a_layer(int ranks, bool shared) {
  const fs::path folder = testing::fresh_folder("gathered");
  std::vector<double> most;
  for (const std::int64_t layers : {6, 16}) {
    testing::Processes processes(ranks, folder / "log", [&](const engine::RankPlace& place) {
      const std::size_t bytes = most_bytes(place, layers, shared);
      if (place.rank == 0) write_file(folder / "bytes", std::to_string(bytes));
    });
    EXPECT_EQ(processes.codes(60), std::vector<int>(static_cast<std::size_t>(ranks), 0))
        << processes.said_by(0);
    most.push_back(std::stod(read_file(folder / "bytes")));
  }
  return (most[1] - most[0]) / 10;
}

TEST(GatheredModel, ALayerTakesNoMoreThanItsPart) {
  const auto parameters = static_cast<double>(model_of(1).layer_parameters());
  constexpr double kActivations = 20'000;  // of four rows, and of the list of parameters: less
  // Weight, gradient and two moments, fp32; of four ranks a quarter of each.
  EXPECT_NEAR(bytes_of_a_layer(4, false), 16 * parameters, kActivations);
  EXPECT_NEAR(bytes_of_a_layer(4, true), 16 * parameters / 4, kActivations);
  EXPECT_GT(4 * parameters, kActivations) << "else this test would not see one whole layer more";
}

}  // namespace
}  // namespace film::train

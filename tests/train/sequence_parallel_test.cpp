// Ranks that compute a sequence together: the run of one, and the bytes that the formula says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "film/model/sequence_part.h"
#include "rank_runs.h"
#include "train/training_run.h"

namespace film::train {
namespace {

using engine::Precision;
using engine::Shard;
using testing::expect_planned_bytes;
using testing::expect_same_run;
using testing::fresh_folder;
using testing::kNoise;
using testing::Mode;
using testing::train_by;
using testing::with;

engine::TrainSettings many_heads(const fs::path& folder) {
  engine::TrainSettings settings = testing::small(folder);
  settings.model.num_attention_heads = 8;
  settings.model.num_key_value_heads = 4;
  settings.model.num_hidden_layers = 3;
  return settings;
}

TEST(SequenceParallel, TrainsAsOneProcessDoes) {
  const fs::path folder = fresh_folder("sequence");
  const engine::TrainSettings settings = many_heads(folder);
  testing::run_train(settings, folder / "one");
  struct Case {
    int ranks;
    Mode mode;
  };
  for (const auto& [ranks, mode] :
       {Case{2, {"none", Shard::none, 0, 2}}, Case{4, {"four", Shard::none, 0, 4}},
        Case{4, {"optimizer", Shard::optimizer, 0, 2}}, Case{2, {"full", Shard::full, 0, 2}},
        Case{4, {"hybrid", Shard::hybrid, 2, 4}}, Case{4, {"wide", Shard::full, 0, 2}}}) {
    const fs::path run = folder / (mode.name + std::to_string(ranks));
    train_by(ranks, with(settings, mode), run);
    expect_same_run(run, folder / "one", kNoise);
    expect_planned_bytes(run, with(settings, mode), ranks);
    EXPECT_GT(read_json(run / "memory.json").at("exchanged").at("swapped"), 0);
  }
}

// What is computed again is exchanged again; bf16 rounds in other places.
TEST(SequenceParallel, WithEverythingComputedAgain) {
  const fs::path folder = fresh_folder("again");
  engine::TrainSettings settings = many_heads(folder);
  settings.memory.activation_checkpointing = engine::ActivationCheckpointing::full;
  for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
    settings.precision = settings.save_type = precision;
    testing::run_train(settings, folder / "one");
    train_by(2, with(settings, {"", Shard::full, 0, 2}), folder / "two");
    expect_same_run(folder / "two", folder / "one", precision == Precision::float32 ? kNoise : 1e-2);
    for (const char* run : {"one", "two"}) fs::remove_all(folder / run);
  }
}

// Two contexts of `rows` rows in all, one answer of two tokens behind the first, and of one behind the second.
batches::Pack pack_of(std::int64_t rows) {
  const std::int64_t first = rows / 3;
  batches::Pack pack;
  for (const batches::Span& span : {batches::Span{0, first}, batches::Span{first, rows - first}}) {
    const std::int64_t answers = span.begin == 0 ? 2 : 1;
    pack.groups.push_back({{span.begin, span.length - answers}, {{span.end() - answers, answers}}, {}});
    for (std::int64_t i = 0; i < span.length; ++i) {
      pack.ids.push_back(static_cast<text::TokenId>((7 * i + span.begin) % 90));
      pack.positions.push_back(i);
    }
    for (std::int64_t i = answers; i > 0; --i) {
      pack.loss_rows.push_back(span.end() - i);
      pack.targets.push_back(static_cast<text::TokenId>(i));
      pack.weights.push_back(0.25);
      pack.pairs.push_back(pack.pair_count);
    }
    ++pack.pair_count;
  }
  return pack;
}

void require(bool right, const std::string& what) {
  if (!right) throw internal_error(what);
}

engine::ModelConfig four_heads() {
  engine::ModelConfig config = testing::several_chunks_model();
  config.num_attention_heads = 8;
  config.num_key_value_heads = 4;
  return config;
}

engine::SharedRowCounts counts_of(const batches::Pack& pack, const model::SequencePart& part) {
  const auto rank = static_cast<std::size_t>(part.rank);
  return {static_cast<double>(part.counts(pack.rows())[rank]), static_cast<double>(pack.rows()),
          static_cast<double>(part.counts(pack.loss_rows, pack.rows())[rank]),
          static_cast<double>(pack.loss_rows.size())};
}

// Of one step over a pack, in one of several ranks.
void expect_formula(const engine::RankPlace& place, std::int64_t rows, const engine::ActivationSet& saved) {
  at::set_num_threads(1);
  ranks::Team team(place, {});
  const engine::ModelConfig config = four_heads();
  engine::Sharing sharing{.ranks = place.size, .sequence = place.size};
  TrainingRun run = make_run(config, at::kFloat, {}, "", {}, {sharing, &team});
  initialise(run, {}, 1);
  const batches::Pack pack = pack_of(rows);
  const std::vector<engine::ActivationSet> sets(run.weights.layers.size(), saved);
  run.activations.emplace(config, sets, engine::most_rows(rows, place.size), 3,
                          at::TensorOptions(at::kFloat));
  const Optimizer optimizer({}, run.parameters);
  const StepMetrics metrics =
      train_step(run, optimizer, {1, [&](std::size_t) { return pack; }, 1}, 1e-3, team);
  require(metrics.pairs == 2 && metrics.packs == 1, "counted once");
  const model::SequencePart part{place.rank, place.size, {}};
  const double planned = swapped_bytes(config, Precision::float32, sets, place.size, counts_of(pack, part));
  require(static_cast<double>(team.traffic().swapped) == planned,
          fmt::format("{} bytes, {} planned", team.traffic().swapped, planned));
}

TEST(SequenceParallel, BytesAreThoseOfTheFormula) {
  const fs::path folder = fresh_folder("bytes");
  for (const int ranks : {2, 4})
    for (const std::int64_t rows : {8, 31, 90})
      for (const engine::ActivationSet& saved :
           {engine::ActivationSet{}, engine::ActivationSet{false, false, true, true}}) {
        testing::Processes processes(ranks, folder / "log", [&](const engine::RankPlace& place) {
          expect_formula(place, rows, saved);
        });
        EXPECT_EQ(processes.codes(60), std::vector<int>(static_cast<std::size_t>(ranks), 0))
            << ranks << " " << rows << processes.said_by(0);
      }
}

TEST(SequenceParallel, SettingsThatDoNotFitAreRefused) {
  const fs::path folder = fresh_folder("refused");
  struct Case {
    int ranks, sequence;
    const char* words;
  };
  const engine::TrainSettings settings = many_heads(folder);
  for (const auto& [ranks, sequence, words] :
       {Case{3, 3, "does not divide the model's 4 key and value heads"},
        Case{3, 2, "does not divide the number of ranks, 3"},
        Case{2, 8, "does not divide the model's 4 key"}}) {
    testing::Processes processes(ranks, folder / "log", [&](const engine::RankPlace& place) {
      testing::run_train(with(settings, {"", Shard::none, 0, sequence}), folder / "run", place);
    });
    EXPECT_EQ(processes.codes(60), std::vector<int>(static_cast<std::size_t>(ranks), 78)) << words;
    EXPECT_THAT(processes.said_by(0), ::testing::HasSubstr(words));
  }
  try {
    testing::run_train(with(settings, {"", Shard::none, 0, 2}), folder / "alone");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_THAT(error.hint(), ::testing::HasSubstr("torchrun"));
  }
}

}  // namespace
}  // namespace film::train

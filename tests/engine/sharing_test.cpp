// Which ranks have what, and what does not fit.
#include "film/engine/sharing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "film/base/error.h"
#include "film/engine/train_settings.h"

namespace film::engine {
namespace {

TrainSettings with(Shard shard, std::int64_t group = 0, std::int64_t sequence = 1) {
  TrainSettings settings;
  settings.shard = shard;
  settings.shard_group = group;
  settings.sequence_parallel = sequence;
  return settings;
}

// Mistral's 8 key and value heads.
Sharing of(const TrainSettings& settings, int ranks, int on_node) {
  return sharing_of(settings, ModelConfig(), ranks, on_node);
}

TEST(Sharing, PartsOfStateModelAndSequences) {
  const Sharing none = of(with(Shard::none), 16, 8), optimizer = of(with(Shard::optimizer), 16, 8),
                full = of(with(Shard::full), 16, 8), hybrid = of(with(Shard::hybrid), 16, 8),
                pairs = of(with(Shard::hybrid, 2, 4), 16, 8);
  EXPECT_EQ(none.state(), 1);
  EXPECT_EQ(optimizer.state(), 16);
  EXPECT_EQ(optimizer.model, 1);
  EXPECT_EQ(full.model, 16);
  EXPECT_EQ(full.state(), 16);
  EXPECT_EQ(hybrid.model, 8);
  EXPECT_EQ(hybrid.state(), 8);
  EXPECT_EQ(pairs.model, 2);
  EXPECT_EQ(pairs.teams(), 4);
  EXPECT_FALSE(none.in_step() || optimizer.in_step());
  EXPECT_TRUE(full.in_step() && hybrid.in_step() && pairs.in_step());
  for (const Shard alone : {Shard::none, Shard::optimizer, Shard::full, Shard::hybrid}) {
    EXPECT_EQ(of(with(alone), 1, 1).state(), 1);
    EXPECT_FALSE(of(with(alone), 1, 1).in_step());
  }
}

TEST(Sharing, GroupsInWhichARankExchanges) {
  struct Case {
    TrainSettings settings;
    int ranks, sharers, copies, groups;
  };
  for (const auto& [settings, ranks, sharers, copies, groups] :
       {Case{with(Shard::none), 1, 1, 1, 0}, Case{with(Shard::none), 16, 16, 1, 1},
        Case{with(Shard::optimizer, 0, 2), 16, 16, 1, 2}, Case{with(Shard::full), 16, 16, 1, 1},
        Case{with(Shard::full, 0, 8), 16, 16, 1, 2}, Case{with(Shard::hybrid), 16, 8, 2, 2},
        Case{with(Shard::hybrid, 0, 8), 16, 8, 2, 3}, Case{with(Shard::hybrid, 1), 16, 16, 1, 1}}) {
    const Sharing sharing = of(settings, ranks, 8);
    EXPECT_EQ(sharing.sharers(), sharers) << name_of(settings.shard) << ranks;
    EXPECT_EQ(sharing.copies(), copies) << name_of(settings.shard) << ranks;
    EXPECT_EQ(sharing.groups(), groups) << name_of(settings.shard) << ranks;
  }
}

TEST(Sharing, WhatDoesNotFitIsRefusedWithTheNumbers) {
  struct Case {
    TrainSettings settings;
    int ranks, on_node;
    const char* words;
  };
  for (const Case& one : {Case{with(Shard::hybrid, 3), 16, 8, "groups of 3 ranks: the run's 16"},
                          Case{with(Shard::hybrid), 12, 8, "groups of 8 ranks (those of a node)"},
                          Case{with(Shard::none, 0, 3), 6, 6, "is 3: it shares out heads"},
                          Case{with(Shard::full, 0, 16), 16, 8, "key and value heads"},
                          Case{with(Shard::optimizer, 0, 4), 6, 6, "does not divide the number of ranks, 6"},
                          Case{with(Shard::none, 0, 2), 1, 1, "does not divide the number of ranks, 1"}}) {
    try {
      of(one.settings, one.ranks, one.on_node);
      ADD_FAILURE() << one.words;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::config);
      EXPECT_THAT(error.what(), ::testing::HasSubstr(one.words));
      EXPECT_NE(error.hint(), "");
    }
  }
}

TEST(Sharing, GroupsBelongToHybrid) {
  for (const Shard shard : {Shard::none, Shard::optimizer, Shard::full})
    EXPECT_THROW(with(shard, 2).check(false), Error);
  EXPECT_NO_THROW(with(Shard::hybrid, 2).check(false));
}

}  // namespace
}  // namespace film::engine

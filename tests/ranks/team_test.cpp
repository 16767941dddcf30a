// Real processes: how they meet, and what they exchange.
#include "film/ranks/team.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/processes.h"
#include "../support/temp_folder.h"
#include "rank_settings.h"

namespace film::ranks {
namespace {

using engine::RankPlace;
using ::testing::HasSubstr;
using testing::patient;
using testing::Processes;
using testing::quick;
using testing::require;

// Two sums at once, then slices there and back, then parts whose lengths differ from rank to rank.
void exchange_tensors(const Group& all, at::ScalarType type) {
  const int n = all.size(), r = all.rank();
  const at::Tensor a = at::full({129}, r, type), b = at::full({7}, 1, type);
  const Pending first = all.sum(a), second = all.sum(b);
  first();
  second();
  require(a.eq(n * (n - 1) / 2.0).all().item<bool>() && b.eq(n).all().item<bool>(), "sums of tensors");
  const at::Tensor flat = at::arange(16 * n, at::kLong).remainder(64).to(type), own = all.slice(flat),
                   want = own * n;
  all.reduce_scatter(flat)();
  require(own.equal(want), "reduce-scatter");
  own.fill_(r + 1);
  all.all_gather(flat)();
  for (int i = 0; i < n; ++i) require(flat.narrow(0, 16 * i, 16).eq(i + 1).all().item<bool>(), "all-gather");
  std::vector<std::int64_t> sent(static_cast<std::size_t>(n), r + 1), received;
  for (int i = 0; i < n; ++i) received.push_back(i + 1);
  const at::Tensor parts = at::arange(n, at::kLong).repeat_interleave(r + 1).add(10 * r).to(type),
                   got = at::empty({n * (n + 1) / 2}, type);
  all.swap(parts, sent, got, received)();
  for (int i = 0, at = 0; i < n; at += ++i)
    require(got.narrow(0, at, i + 1).eq(10 * i + r).all().item<bool>(), "all-to-all");
}

void exchange_everything(const RankPlace& place) {
  at::set_num_threads(1);
  Team team(place, patient());
  const int n = place.size, r = place.rank;
  require(team.rank() == r && team.size() == n && team.leads() == (r == 0) && team.on_host() == n, "place");
  const double ranks = n * (n - 1) / 2.0;
  require(team.sum({1, 1.0 * r}) == std::vector<double>{1.0 * n, ranks}, "sum of numbers");
  const auto texts = team.gather(std::string(static_cast<std::size_t>(r), 'x'));
  for (int i = 0; i < n; ++i)
    require(texts[static_cast<std::size_t>(i)] == std::string(static_cast<std::size_t>(i), 'x'), "gather");
  require(team.from_leader(r == 0 ? "a\nb" : "other") == "a\nb", "from the leader");
  const Group all = team.open_block(n);
  for (const auto type : {at::kFloat, at::kBFloat16, at::kDouble}) exchange_tensors(all, type);
  const std::uint64_t bytes = 4 + 2 + 8;
  require(team.traffic().summed == 136 * bytes, "bytes of sums");
  require(team.traffic().scattered == static_cast<std::uint64_t>(16 * n) * bytes, "bytes of reduce-scatter");
  require(team.traffic().gathered == team.traffic().scattered, "bytes of all-gather");
  require(team.traffic().swapped == static_cast<std::uint64_t>(n * (r + 1)) * bytes, "bytes of all-to-all");
  team.wait_for_all();
}

TEST(Team, ExchangesBetweenProcesses) {
  for (const int n : {2, 4}) {
    const support::TempFolder folder;
    Processes processes(n, folder.path() / "log", exchange_everything);
    EXPECT_EQ(processes.codes(60), std::vector<int>(static_cast<std::size_t>(n), 0));
    for (int r = 0; r < n; ++r) EXPECT_EQ(processes.said_by(r), "");
  }
}

// Blocks of neighbours, and those with the same place in each: sums stay inside.
TEST(Team, GroupsExchangeAmongThemselves) {
  struct Case {
    int ranks, width;
  };
  for (const auto& [n, width] : {Case{4, 2}, Case{6, 3}, Case{4, 1}, Case{4, 4}}) {
    const support::TempFolder folder;
    Processes processes(n, folder.path() / "log", [width](const RankPlace& place) {
      at::set_num_threads(1);
      Team team(place, patient());
      const Group block = team.open_block(width), others = team.open_counterparts(width);
      const int blocks = place.size / width, first = place.rank / width * width, at = place.rank % width;
      require(block.size() == width && others.size() == blocks, "sizes");
      require(block.rank() == at && others.rank() == place.rank / width, "places");
      const at::Tensor near = at::full({3}, place.rank, at::kDouble), far = near.clone();
      const Pending both[] = {block.sum(near), others.sum(far)};
      for (const Pending& one : both) one();
      require(near.eq(width * first + width * (width - 1) / 2).all().item<bool>(), "sum of a block");
      require(far.eq(blocks * at + width * blocks * (blocks - 1) / 2).all().item<bool>(),
              "sum of counterparts");
    });
    EXPECT_EQ(processes.codes(60), std::vector<int>(static_cast<std::size_t>(n), 0))
        << n << width << processes.said_by(0);
  }
}

// Of the same ranks, too: the first rank begins in one group, the others in another, as weights that come beside
// attention's exchange may be earlier or later than it.
TEST(Team, GroupsOfTheSameRanksDoNotWaitForEachOther) {
  for (const int n : {2, 3, 4}) {
    const support::TempFolder folder;
    Processes processes(n, folder.path() / "log", [](const RankPlace& place) {
      at::set_num_threads(1);
      Team team(place, quick());
      team.guard([&] {
        const Group one = team.open_block(place.size), two = team.open_block(place.size);
        const at::Tensor a = at::full({5}, 1, at::kDouble), b = at::full({1000}, 2, at::kFloat);
        Pending late;
        if (place.rank == 0) late = one.sum(a);
        two.sum(b)();
        if (place.rank != 0) late = one.sum(a);
        late();
        require(a.eq(place.size).all().item<bool>() && b.eq(2 * place.size).all().item<bool>(), "sums");
      });
    });
    EXPECT_EQ(processes.codes(20), std::vector<int>(static_cast<std::size_t>(n), 0)) << processes.said_by(0);
  }
}

TEST(Team, OneProcessExchangesWithNobody) {
  Team team;
  EXPECT_EQ(team.sum({2.5}), std::vector<double>{2.5});
  EXPECT_EQ(team.gather("x"), std::vector<std::string>{"x"});
  at::Tensor x = at::ones({3});
  for (const Group& group : {Group(), team.open_block(1), team.open_counterparts(1)}) {
    group.sum(x)();
    group.reduce_scatter(x)();
    group.all_gather(x)();
  }
  EXPECT_TRUE(x.eq(1).all().item<bool>());
  EXPECT_EQ(team.traffic().summed, 0u);
  EXPECT_THROW(team.all_throw(diverged("x")), Error);
}

// Ranks that do not come, come twice, or belong to another run.
TEST(Team, AMeetingThatFailsSaysWhy) {
  struct Case {
    const char* what;
    std::function<void(RankPlace&)> change;
    int code;
    const char* words;
  };
  const std::vector<Case> cases = {{"one is missing",
                                    [](RankPlace& p) {
                                      if (p.rank == 2) ::_exit(0);
                                    },
                                    71, "of 3 ranks 2 did not come within"},
                                   {"two say the same",
                                    [](RankPlace& p) {
                                      if (p.rank == 2) p.rank = 1;
                                    },
                                    78, "two processes say that they are rank 1"},
                                   {"another size",
                                    [](RankPlace& p) {
                                      if (p.rank == 2) p.size = 4;
                                    },
                                    78, "one of 4"}};
  for (const Case& one : cases) {
    const support::TempFolder folder;
    Processes processes(3, folder.path() / "log", [&](const RankPlace& given) {
      RankPlace place = given;
      engine::RankSettings settings = quick();
      settings.join_within = 1.5;
      one.change(place);
      Team team(place, settings);
    });
    const std::vector<int> codes = processes.codes(20);
    EXPECT_THAT(codes, ::testing::Contains(one.code)) << one.what;
    EXPECT_THAT(codes, ::testing::Not(::testing::Contains(-1))) << one.what;
    std::string said;
    for (int r = 0; r < 3; ++r) said += processes.said_by(r);
    EXPECT_THAT(said, HasSubstr(one.words)) << one.what;
  }
}

}  // namespace
}  // namespace film::ranks

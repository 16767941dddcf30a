// Real processes: what they exchange, and what becomes of all when one is lost.
#include "film/ranks/team.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/processes.h"
#include "../support/temp_folder.h"
#include "film/base/signals.h"

namespace film::ranks {
namespace {

using engine::RankPlace;
using ::testing::HasSubstr;
using testing::Processes;

void require(bool right, const char* what) {
  if (!right) throw internal_error(what);
}

engine::RankSettings patient() {
  engine::RankSettings settings;
  settings.join_within = 20;
  return settings;
}

// Two sums at once, then slices there and back, then parts whose lengths differ from rank to rank.
void exchange_tensors(Group& all, at::ScalarType type) {
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
  Group& all = team.everyone();
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

// Blocks of neighbours, and those with the same place in each: sums stay inside, and groups of all ranks are one.
TEST(Team, GroupsExchangeAmongThemselves) {
  struct Case {
    int ranks, width;
  };
  for (const auto& [n, width] : {Case{4, 2}, Case{6, 3}, Case{4, 1}, Case{4, 4}}) {
    const support::TempFolder folder;
    Processes processes(n, folder.path() / "log", [width](const RankPlace& place) {
      at::set_num_threads(1);
      Team team(place, patient());
      Group &block = team.block(width), &others = team.counterparts(width);
      require(block.size() == width && others.size() * width == place.size, "sizes");
      require(block.rank() == place.rank % width && others.rank() == place.rank / width, "places");
      require(&block == &team.block(width) && (width < place.size || &block == &team.everyone()),
              "one group");
      const at::Tensor near = at::full({3}, place.rank, at::kDouble), far = near.clone();
      const Pending both[] = {block.sum(near), others.sum(far)};
      for (const Pending& one : both) one();
      double want_near = 0, want_far = 0;
      for (const int rank : block.members()) want_near += rank;
      for (const int rank : others.members()) want_far += rank;
      require(near.eq(want_near).all().item<bool>(), "sum of a block");
      require(far.eq(want_far).all().item<bool>(), "sum of counterparts");
    });
    EXPECT_EQ(processes.codes(60), std::vector<int>(static_cast<std::size_t>(n), 0))
        << n << width << processes.said_by(0);
  }
}

TEST(Team, OneProcessExchangesWithNobody) {
  Team team;
  EXPECT_EQ(team.sum({2.5}), std::vector<double>{2.5});
  EXPECT_EQ(team.gather("x"), std::vector<std::string>{"x"});
  at::Tensor x = at::ones({3});
  for (Group* group : {&team.everyone(), &team.block(1), &team.counterparts(1)}) {
    group->sum(x)();
    group->reduce_scatter(x)();
    group->all_gather(x)();
  }
  EXPECT_TRUE(x.eq(1).all().item<bool>());
  EXPECT_EQ(team.traffic().summed, 0u);
  EXPECT_THROW(team.all_throw(diverged("x")), Error);
}

// Three ranks that exchange numbers without end; rank 1 does something else after a while.
void exchange_until(const RankPlace& place, const engine::RankSettings& settings,
                    const std::function<void(Team&)>& then) {
  at::set_num_threads(1);
  Team team(place, settings);
  team.guard([&] {
    for (int i = 0; i < 100000; ++i) {
      team.sum({1});
      if (i == 3) std::fputs("exchanging\n", stderr);
      if (i == 5 && place.rank == 1) then(team);
    }
  });
}

engine::RankSettings quick() {
  engine::RankSettings settings;
  settings.join_within = 20;
  settings.lost_after = 1;
  settings.slow_after = 1.5;
  return settings;
}

struct Fault {
  const char* what;
  int signal;                       // sent to `rank` from outside; 0: none
  int rank;                         // that is to blame
  std::function<void(Team&)> then;  // in rank 1
  int code;                         // of all but the one to blame
  const char* words;                // of whoever speaks
};

const std::vector<Fault>& faults() {
  static const std::vector<Fault> list = {
      {"killed", SIGKILL, 1, {}, 71, "rank 1 on "},
      {"killed where the others meet", SIGKILL, 0, {}, 71, "rank 0 on "},
      {"stopped", SIGSTOP, 2, {}, 71, "lost: nothing was heard of it for"},
      {"stopped where the others meet", SIGSTOP, 0, {}, 71, "lost: nothing was heard of it for"},
      {"slow", 0, 1, [](Team&) { std::this_thread::sleep_for(std::chrono::seconds(30)); }, 71,
       "kept the others waiting"},
      {"a full disk", 0, 1, [](Team&) { throw io_error("cannot write x: No space left on device"); }, 74,
       "ended the run: cannot write x"},
      {"damaged data", 0, 1, [](Team&) { throw bad_data("tensor y is damaged"); }, 65,
       "ended the run: tensor y"},
      {"a bug", 0, 1, [](Team&) { throw std::out_of_range("index"); }, 70, "ended the run: index"},
      {"an exit without a word", 0, 1, [](Team&) { ::_exit(3); }, 71, "ended without a word"}};
  return list;
}

TEST(Team, AllEndWithinTheTimeSetAndNameTheCulprit) {
  for (const Fault& fault : faults()) {
    const support::TempFolder folder;
    Processes processes(3, folder.path() / "log", [&](const RankPlace& place) {
      exchange_until(place, quick(), [&](Team& team) {
        if (fault.then) fault.then(team);
      });
    });
    processes.wait_for_words(2, "exchanging");
    const auto start = std::chrono::steady_clock::now();
    if (fault.signal != 0) processes.send(fault.rank, fault.signal);
    const int witness = fault.rank == 0 ? 1 : 0;
    processes.wait_for_words(witness, fault.words);
    if (fault.signal == SIGSTOP) processes.send(fault.rank, SIGKILL);
    const std::vector<int> codes = processes.codes(10);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(9)) << fault.what;
    for (int rank = 0; rank < 3; ++rank)
      if (rank != fault.rank) {
        EXPECT_EQ(codes[static_cast<std::size_t>(rank)], fault.code) << fault.what << rank;
      }
    EXPECT_THAT(processes.said_by(witness), HasSubstr(fault.words)) << fault.what;
    EXPECT_THAT(processes.said_by(witness), HasSubstr("rank " + std::to_string(fault.rank))) << fault.what;
    EXPECT_NE(codes[static_cast<std::size_t>(fault.rank)], 0) << fault.what;
  }
}

TEST(Team, AllThrowTogetherAndTheLeaderSpeaks) {
  const support::TempFolder folder;
  Processes processes(3, folder.path() / "log", [](const RankPlace& place) {
    Team team(place, quick());
    team.guard([&] { team.all_throw(diverged("no finite loss")); });
  });
  EXPECT_EQ(processes.codes(30), std::vector<int>(3, 79));
  EXPECT_THAT(processes.said_by(0), HasSubstr("no finite loss"));
  for (int r = 1; r < 3; ++r) EXPECT_EQ(processes.said_by(r), " | \n");
}

TEST(Team, ASignalToOneIsKnownToAll) {
  const support::TempFolder folder;
  Processes processes(3, folder.path() / "log", [](const RankPlace& place) {
    catch_stop_signals();
    Team team(place, quick());
    if (place.rank == 2) std::fputs("ready", stderr);
    for (int i = 0; i < 1000 && team.sum({team.stop_signal() == SIGUSR1 ? 1. : 0.})[0] < 3; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    require(team.stop_signal() == SIGUSR1, "the signal");
  });
  processes.wait_for_words(2, "ready");
  processes.send(2, SIGUSR1);
  EXPECT_EQ(processes.codes(30), std::vector<int>(3, 0));
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

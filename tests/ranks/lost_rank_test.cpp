// Real processes: what becomes of all when one of them fails, is lost, or keeps the others waiting.
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "../support/processes.h"
#include "../support/temp_folder.h"
#include "film/base/signals.h"
#include "film/ranks/team.h"
#include "rank_settings.h"

namespace film::ranks {
namespace {

using engine::RankPlace;
using ::testing::HasSubstr;
using testing::Processes;
using testing::quick;
using testing::require;

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

TEST(LostRank, AllEndWithinTheTimeSetAndNameTheCulprit) {
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

// Of four ranks in two groups: whoever waits is not to blame, however few exchanges it has entered. Each case is what the
// ranks do after a first exchange of all; `near` is of ranks 2 and 3.
struct Pace {
  const char* what;
  std::function<void(int rank, const Group& near, const Group& all, const at::Tensor& x)> then;
  std::vector<int> blamed;  // none: all wait
};

const std::vector<Pace>& paces() {
  using G = const Group&;
  using T = const at::Tensor&;
  static const auto sleep = [] { std::this_thread::sleep_for(std::chrono::seconds(30)); };
  static const std::vector<Pace> list = {{"its neighbour waits for it, and all others for both",
                                          [](int rank, G near, G all, T x) {
                                            if (rank == 3) sleep();
                                            if (rank == 2) near.sum(x)();
                                            all.sum(x)();
                                          },
                                          {3}},
                                         {"it has entered more exchanges than those that wait for it",
                                          [](int rank, G near, G all, T x) {
                                            for (int i = 0; rank >= 2 && i < 5; ++i) near.sum(x)();
                                            if (rank == 3) sleep();
                                            if (rank == 2) near.sum(x)();
                                            all.sum(x)();
                                          },
                                          {3}},
                                         {"two are behind",
                                          [](int rank, G, G all, T x) {
                                            if (rank == 1 || rank == 2) sleep();
                                            all.sum(x)();
                                          },
                                          {1, 2}},
                                         {"all wait, in different exchanges",
                                          [](int rank, G near, G all, T x) {
                                            for (int i = 0; rank >= 2 && i < 3; ++i) near.sum(x)();
                                            if (rank == 2) near.sum(x)();
                                            all.sum(x)();
                                          },
                                          {}}};
  return list;
}

TEST(LostRank, WhoeverWaitsIsNotToBlame) {
  const support::TempFolder folder;
  std::vector<std::unique_ptr<Processes>> runs;
  for (const Pace& pace : paces())
    runs.push_back(std::make_unique<Processes>(4, folder.path() / pace.what, [&](const RankPlace& place) {
      at::set_num_threads(1);
      Team team(place, quick());
      team.guard([&] {
        const Group near = team.open_block(2), all = team.open_block(4);
        const at::Tensor x = at::ones({4}, at::kDouble);
        all.sum(x)();
        pace.then(place.rank, near, all, x);
      });
    }));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Pace& pace = paces()[i];
    EXPECT_EQ(runs[i]->codes(10), std::vector<int>(4, 71)) << pace.what;
    const std::string said = runs[i]->said_by(0);
    EXPECT_THAT(said, HasSubstr(pace.blamed.empty() ? "all ranks wait" : "kept the others waiting"))
        << pace.what;
    for (int rank = 0; rank < 4; ++rank)
      EXPECT_EQ(said.find("rank " + std::to_string(rank) + " on ") != std::string::npos,
                std::ranges::count(pace.blamed, rank) > 0)
          << pace.what << rank << said;
  }
}

TEST(LostRank, AllThrowTogetherAndTheLeaderSpeaks) {
  const support::TempFolder folder;
  Processes processes(3, folder.path() / "log", [](const RankPlace& place) {
    Team team(place, quick());
    team.guard([&] { team.all_throw(diverged("no finite loss")); });
  });
  EXPECT_EQ(processes.codes(30), std::vector<int>(3, 79));
  EXPECT_THAT(processes.said_by(0), HasSubstr("no finite loss"));
  for (int r = 1; r < 3; ++r) EXPECT_EQ(processes.said_by(r), " | \n");
}

TEST(LostRank, ASignalToOneIsKnownToAll) {
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

}  // namespace
}  // namespace film::ranks

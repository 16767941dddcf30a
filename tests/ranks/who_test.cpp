// How many ranks each host has, when all have as many.
#include "ranks/who.h"

#include <gtest/gtest.h>

namespace film::ranks {
namespace {

TEST(Who, RanksOnEveryHost) {
  struct Case {
    const char* hosts;  // a letter for each rank
    int width;
  };
  for (const auto& [hosts, width] :
       {Case{"a", 1}, Case{"aaa", 3}, Case{"ab", 1}, Case{"aabb", 2}, Case{"bbbaaaccc", 3},
        // fewer on the last, on the first, on one between
        Case{"aab", 0}, Case{"abb", 0}, Case{"aabcc", 0}, Case{"aaabbbcc", 0},
        // no neighbours
        Case{"abab", 0}, Case{"aabbaa", 0}, Case{"abbacc", 0}}) {
    std::vector<Who> who;
    for (const char* host = hosts; *host != 0; ++host) who.push_back({std::string(1, *host), "0", 1});
    EXPECT_EQ(ranks_on_every_host(who), width) << hosts;
  }
}

TEST(Who, SaysWhichProcessItIs) {
  const Who here = this_process();
  EXPECT_FALSE(here.host.empty() || here.processors.empty());
  EXPECT_EQ(here.name(3), "rank 3 on " + here.host + " (process " + std::to_string(here.process) + ")");
}

}  // namespace
}  // namespace film::ranks

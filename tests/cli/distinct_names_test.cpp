#include "cli/distinct_names.h"

#include <gtest/gtest.h>

namespace film::cli {
namespace {

TEST(DistinctNames, AsShortAsTellsThemApart) {
  using Names = std::vector<std::string>;
  const std::pair<Names, Names> rows[] = {
      {{"/runs/long"}, {"long"}},
      {{"/runs/long/", "/runs/8x128"}, {"long", "8x128"}},
      {{"/a/x/data", "/a/y/data", "/a/other"}, {"x/data", "y/data", "other"}},
      {{"/a/x/q/data", "/b/x/q/data/."}, {"a/x/q/data", "b/x/q/data"}},
      {{"/a/data", "/a/data", "/b/data"}, {"a/data", "a/data 2", "b/data"}},
      {{"/data", "/a/data"}, {"data", "a/data"}}};
  for (const auto& [folders, names] : rows) EXPECT_EQ(distinct_names(folders), names) << folders[0];
}

}  // namespace
}  // namespace film::cli

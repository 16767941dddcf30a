// Options of a dry run that say what is planned for.
#include "cli/plan_words.h"

#include <gtest/gtest.h>

#include "film/base/error.h"
#include "film/engine/gpu_model.h"

namespace film::cli {
namespace {

TEST(PlanWords, LengthsAreTwoNumbersOrOne) {
  const auto of = [](const std::string& tokens) {
    PlanWords words;
    words.examples = 7;
    words.tokens = tokens;
    return plan_options(words);
  };
  EXPECT_EQ(of("100:2000").shortest, 100);
  EXPECT_EQ(of("100:2000").longest, 2000);
  EXPECT_EQ(of("512").shortest, 512);
  EXPECT_EQ(of("512").longest, 512);
  EXPECT_EQ(of("512").examples, 7u);
  for (const char* wrong :
       {"", "a:b", "100:", ":100", "100:200:300", "1e3:2e3", "100-200", "100:99999999999999999999"})
    EXPECT_THROW(of(wrong), Error) << wrong;
}

TEST(PlanWords, AllMeansEveryName) {
  PlanWords words;
  words.on = {"l4-24", "all"};
  EXPECT_EQ(plan_options(words).on.size(), 1 + engine::gpu_models().size());
  EXPECT_EQ(plan_options(words).on.front(), "l4-24");
}

TEST(PlanWords, AClusterIsGpusOfANodeTimesNodes) {
  const auto of = [](const std::string& gpus) {
    PlanWords words;
    words.gpus = gpus;
    return plan_options(words).cluster;
  };
  EXPECT_EQ(of("").ranks(), 1);
  EXPECT_EQ(of("4").ranks(), 4);
  EXPECT_EQ(of("4").nodes, 1);
  EXPECT_EQ(of("8x16").gpus_per_node, 8);
  EXPECT_EQ(of("8x16").nodes, 16);
  for (const char* wrong :
       {"0", "8x", "x8", "8x0", "8x16x2", "-1x2", "8 x 2", "many", "8x99999999999", "20000"})
    EXPECT_THROW(of(wrong), Error) << wrong;
}

TEST(PlanWords, TheyBelongToADryRun) {
  const auto refused = [](const PlanWords& words, bool dry_run) {
    try {
      require_dry_run(words, dry_run);
      return false;
    } catch (const Error& error) {
      return error.code() == ExitCode::usage;
    }
  };
  EXPECT_FALSE(refused({}, false));
  EXPECT_FALSE(refused({{"h100-80"}, 5, "100:200", 2}, true));
  EXPECT_TRUE(refused({{"h100-80"}, 0, "", 0}, false));
  EXPECT_TRUE(refused({{}, 0, "", 2}, false));
  EXPECT_TRUE(refused({{}, 5, "", 0}, true)) << "a number without lengths";
  EXPECT_TRUE(refused({{}, 0, "1:2", 0}, true)) << "lengths without a number";
  EXPECT_FALSE(refused({{"h100-80"}, 0, "", 0, "8x2", 25}, true));
  EXPECT_TRUE(refused({{"h100-80"}, 0, "", 0, "8x2", 0}, false));
  EXPECT_TRUE(refused({{}, 0, "", 0, "8x2", 0}, true)) << "a cluster of no GPU";
  EXPECT_TRUE(refused({{}, 0, "", 0, "", 25}, true)) << "a network of no GPU";
}

}  // namespace
}  // namespace film::cli

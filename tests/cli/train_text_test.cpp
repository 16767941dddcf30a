#include "cli/train_text.h"

#include <gtest/gtest.h>

namespace film::cli {
namespace {

engine::TrainPlan plan() {
  engine::TrainPlan plan;
  plan.model = "Mistral, 2 layers";
  plan.device = "cpu";
  plan.steps = 6;
  plan.passes = 12;
  plan.pairs = 24;
  plan.tokens = 4800;
  plan.answer_tokens = 48;
  plan.longest_pass = 512;
  plan.flops = 2e15;
  plan.seconds = 90;
  plan.memory.items = {{"weights", 3ull << 30, "fp32"}, {"gradients", 1ull << 30, "fp32 sums"}};
  return plan;
}

TEST(TrainText, ThePlanAsATable) {
  const std::string text = plan_text(plan());
  for (const char* part : {"Mistral, 2 layers, float32\n", "6 steps, 12 passes of at most 512 tokens",
                           "24 question/answer pairs, 4800 tokens read, 48 of them answers, 0 of padding",
                           "2 PFLOP of model arithmetic", "weights                       3.00 GiB  fp32\n",
                           "all                           4.00 GiB\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(TrainText, ThePlanAsJson) {
  const Json json = plan_json(plan());
  EXPECT_EQ(json.at("steps"), 6);
  EXPECT_EQ(json.at("precision"), "float32");
  EXPECT_EQ(json.at("memory").at("planned"), 4ull << 30);
  EXPECT_EQ(json.at("memory").at("items").at(1).at("item"), "gradients");
}

}  // namespace
}  // namespace film::cli

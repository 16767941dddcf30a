#include "cli/train_text.h"

#include <gtest/gtest.h>

#include <sstream>

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
  plan.recomputed = 5e14;
  plan.limit = 2ull << 30;
  plan.misfit = "too large: buy more";
  plan.memory.items = {{"weights", 3ull << 30, "fp32"}, {"gradients", 1ull << 30, "fp32 sums"}};
  return plan;
}

TEST(TrainText, ThePlanAsATable) {
  const std::string text = plans_text({plan()}, 0);
  for (const char* part :
       {"Mistral, 2 layers, float32\n", "6 steps, 12 passes of at most 512 tokens",
        "24 question/answer pairs, 4800 tokens read, 48 of them answers, 0 of padding",
        "2 PFLOP of model arithmetic and 0.5 computed again\n  about 1 min 30 s, on this machine\n",
        "weights                       3.00 GiB  fp32\n",
        "all                           4.00 GiB  of 2.00 GiB; memory.offload=none\n",
        "does not fit: too large: buy more\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

// A GPU that is not here: time, energy and money are its data sheet's.
TEST(TrainText, APlanForAnotherDeviceSaysWhatItCosts) {
  engine::TrainPlan there = plan();
  there.device = "NVIDIA H100 SXM, 80 GB";
  there.gpu = "h100-80";
  there.seconds = 7200;
  there.joules = 700.0 * 7200;
  there.host_bytes = 5ull << 30;
  there.misfit = "";
  there.probe = {4096, 17};
  const std::string text = plans_text({there}, 2.5);
  for (const char* part :
       {"float32, on NVIDIA H100 SXM, 80 GB", "about 2 h 00 min, 1.4 kWh", "5.00 at 2.50 an hour",
        "nothing measured", "and of the host               5.00 GiB", "17 questions at once on 4096 tokens"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(text.find("does not fit"), std::string::npos);
  const Json json = plans_json({there}, 2.5);
  EXPECT_EQ(json.at("fits"), true);
  EXPECT_EQ(json.at("money"), 5.0);
  EXPECT_DOUBLE_EQ(json.at("kilowatt_hours").get<double>(), 1.4);
  EXPECT_FALSE(plans_json({there}, 0).contains("money"));
}

// Of a cluster: the price is of each GPU, and the bytes and the longest rank are said.
TEST(TrainText, APlanForAClusterSaysWhatTravels) {
  engine::TrainPlan there = plan();
  there.device = "NVIDIA H100 SXM, 80 GB";
  there.gpu = "h100-80";
  there.seconds = 7200;
  there.misfit = "";
  there.cluster = {.gpus_per_node = 8, .nodes = 2};
  there.memory.device.sharing = {.shard = engine::Shard::optimizer, .ranks = 16};
  there.traffic = {.scattered = 4'000'000'000, .gathered = 2'000'000'000};
  there.exchange_seconds = 60;
  there.pace = 1.25;
  const std::string text = plans_text({there}, 2.5);
  for (const char* part : {"80.00 at 2.50 an hour and GPU", "16 GPUs, 8 in each of 2 nodes; shard=optimizer",
                           "5.62 GB sent", "exchanges take 1 min 00 s", "25 % more than the mean"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  const Json cluster = plans_json({there}, 0).at("cluster");
  EXPECT_EQ(cluster.at("nodes"), 2);
  EXPECT_DOUBLE_EQ(cluster.at("sent_a_step").get<double>(), 5.625e9);
  EXPECT_FALSE(plans_json({plan()}, 0).contains("cluster"));
  there.memory.device.sharing = {.shard = engine::Shard::hybrid, .ranks = 16, .model = 4, .sequence = 2};
  EXPECT_NE(plans_text({there}, 0).find("shard=hybrid in groups of 4, sequence_parallel=2"),
            std::string::npos);
}

TEST(TrainText, SeveralPlansAreALineEach) {
  engine::TrainPlan fits = plan(), not_there = plan();
  fits.gpu = "a100-80";
  fits.misfit = "";
  fits.joules = 3.6e7;
  not_there.gpu = "l4-24";
  not_there.fitting_tokens = 8192;
  const std::string text = plans_text({fits, not_there}, 0), priced = plans_text({fits, fits}, 120);
  for (const char* part : {"a100-80         2.0    4.0  none       0.0     10.0         -          0\n",
                           "l4-24           2.0    4.0  at most 8192 tokens                        0\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  EXPECT_NE(priced.find("      3          0\n"), std::string::npos) << priced;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 90u) << line;
  EXPECT_EQ(plans_json({fits, not_there}, 0).size(), 2u);
}

TEST(TrainText, ThePlanAsJson) {
  const Json json = plans_json({plan()}, 0);
  EXPECT_EQ(json.at("steps"), 6);
  EXPECT_EQ(json.at("precision"), "float32");
  EXPECT_EQ(json.at("memory").at("planned"), 4ull << 30);
  EXPECT_EQ(json.at("memory").at("items").at(1).at("item"), "gradients");
}

}  // namespace
}  // namespace film::cli

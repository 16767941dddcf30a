#include "cli/model_origin.h"

#include <gtest/gtest.h>

namespace film::cli {
namespace {

TEST(ModelOrigin, FolderStepAndHash) {
  const Json hashes = {{"limit", 0},
                       {"a.model.safetensors", "11"},
                       {"a.config.json", "22"},
                       {"ab.model-1.safetensors", "33"},
                       {"ab.model-2.safetensors", "44"}};
  const ModelOrigin one = *origin_of({"a", "runs/x/step-00000505"}, hashes);
  EXPECT_EQ(one.folder, "runs/x/step-00000505");
  EXPECT_EQ(one.step, 505);
  EXPECT_EQ(one.sha256, "11");
  const ModelOrigin shards = *origin_of({"ab", "models/seven"}, hashes);
  EXPECT_EQ(shards.sha256.size(), 64u);
  for (const char* no_step : {"models/seven", "step-", "step-12x", "x/step-99999999999999999999"})
    EXPECT_EQ(origin_of({"ab", no_step}, hashes)->step, std::nullopt) << no_step;
  EXPECT_FALSE(origin_of({"a", {}}, hashes).has_value());
}

}  // namespace
}  // namespace film::cli

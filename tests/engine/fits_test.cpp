// A run that does not fit is refused by its plan.
#include "film/engine/fits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/temp_folder.h"
#include "film/base/error.h"

namespace film::engine {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kGiB = 1ull << 30;

template <class Check>
std::string refusal(const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + " " + error.what() + " | " + error.hint();
  }
  return "fits";
}

std::string memory(std::uint64_t left, const TrainSettings& settings = {}) {
  MemoryPlan plan;
  plan.items = {{"weights", 30 * kGiB, ""}, {"optimizer state", 60 * kGiB, ""}, {"gradients", 10 * kGiB, ""}};
  return refusal([&] { require_memory(plan, left, settings); });
}

TEST(Fits, MemoryIsCountedBeforeItIsTaken) {
  EXPECT_EQ(memory(100 * kGiB), "fits");
  EXPECT_THAT(memory(100 * kGiB - 1), HasSubstr("78 this run needs 100.00 GiB of memory"));
  const std::string said = memory(23 * kGiB);
  for (const char* part : {"it may take 23.00 GiB; optimizer state alone needs 60.00 GiB", "--model FOLDER",
                           "bfloat16", "memory.offload=disk", "--dry-run"})
    EXPECT_THAT(said, HasSubstr(part));
}

TEST(Fits, OnlyWaysOutThatAreOpenAreNamed) {
  TrainSettings settings;
  settings.model_folder = "m";
  settings.precision = Precision::bfloat16;
  settings.memory.offload = Offload::disk;
  settings.memory.limit = 2;
  const std::string said = memory(2 * kGiB, settings);
  EXPECT_THAT(said, HasSubstr("memory.limit counts"));
  EXPECT_THAT(said, HasSubstr("raise memory.limit"));
  for (const char* part : {"offload", "--precision", "--model FOLDER"})
    EXPECT_THAT(said, testing::Not(HasSubstr(part)));
}

TEST(Fits, DiskHoldsAsManyCheckpointsAsAreKept) {
  TrainSettings settings;
  settings.model_folder = "m";
  const auto parameters = static_cast<std::uint64_t>(settings.model.parameters());
  settings.save_every = 100;
  settings.keep_checkpoints = 2;
  EXPECT_EQ(disk_bytes(settings, settings.model, 50, Offload::none), parameters * 12) << "the last alone";
  EXPECT_EQ(disk_bytes(settings, settings.model, 10000, Offload::none), parameters * 36)
      << "two and the one being written";
  settings.save_state = false;
  EXPECT_EQ(disk_bytes(settings, settings.model, 10000, Offload::none), parameters * 12);
  settings.model_folder.clear();
  EXPECT_EQ(disk_bytes(settings, settings.model, 50, Offload::none), parameters * 8)
      << "and the starting point of a new model";
  EXPECT_EQ(disk_bytes(settings, settings.model, 50, Offload::disk), parameters * 16);
}

TEST(Fits, DiskIsAskedForWhatIsThere) {
  const support::TempFolder temp;
  EXPECT_EQ(refusal([&] { require_disk(1, temp.path()); }), "fits");
  EXPECT_THAT(refusal([&] { require_disk(std::uint64_t{1} << 62, temp.path()); }),
              HasSubstr("78 the checkpoints of this run need"));
}

}  // namespace
}  // namespace film::engine

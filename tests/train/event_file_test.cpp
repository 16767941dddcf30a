// TensorBoard records against bytes made by another writer, and read back by TensorBoard's own reader.
#include <gtest/gtest.h>

#include <cstdlib>

#include "../support/temp_folder.h"
#include "train/metrics_log.h"

namespace film::train {
namespace {

std::string hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

TEST(EventFile, Crc32cOfTheStandardVector) { EXPECT_EQ(crc32c("123456789"), 0xe3069283u); }

TEST(EventFile, ScalarRecordBytes) {
  EXPECT_EQ(
      hex(event_record(scalar_event(1700000001.0, 7, "train/loss", 2.5f))),
      "200000000000000029eda9500900004040fc54d94110072a130a110a0a747261696e2f6c6f7373150000204055c9c66f");
}

TEST(EventFile, TensorBoardReadsIt) {
  const char* python = std::getenv("FILM_TEST_PYTHON");
  if (python == nullptr)
    GTEST_SKIP() << "FILM_TEST_PYTHON is not set: run scripts/setup.sh --tests for the peers";
  const support::TempFolder temporary;
  const fs::path& folder = temporary.path();
  {
    EventFile file(folder, 5);
    for (std::int64_t step = 6; step <= 8; ++step)
      file.scalar(step, "train/loss", 1.0 / static_cast<double>(step));
  }
  const std::string command =
      std::string(python) + " " + FILM_SOURCE_DIR + "/tests/golden/check_events.py " + folder.string();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace film::train

// LongBench's published F1 from published outputs (THUDM/LongBench), where FILM_REFERENCE_DATA names a folder that holds
// them; skipped elsewhere.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "film/base/lines.h"
#include "film/scores/metrics.h"

namespace film::scores {
namespace {

TEST(LongBenchReference, F1OfLlama2) {
  const char* data = std::getenv("FILM_REFERENCE_DATA");
  if (data == nullptr) GTEST_SKIP() << "FILM_REFERENCE_DATA is not set";
  const fs::path folder = fs::path(data) / "longbench/llama2-7b-chat-4k";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " does not exist";
  const Json published = read_json(folder / "result.json");
  for (const std::string task :
       {"hotpotqa", "2wikimqa", "musique", "multifieldqa_en", "narrativeqa", "qasper"}) {
    double sum = 0;
    std::uint64_t count = 0;
    for_each_record(folder / (task + ".jsonl"), [&](const Json& row, const std::string& where) {
      sum += blank_f1(member<std::string>(row, "pred", where),
                      member<std::vector<std::string>>(row, "answers", where));
      ++count;
    });
    const double rounded = std::round(100 * 100 * sum / static_cast<double>(count)) / 100;
    EXPECT_DOUBLE_EQ(rounded, published.at(task).get<double>()) << task;
  }
}

}  // namespace
}  // namespace film::scores

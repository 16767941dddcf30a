#include "sample.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace film::report {
namespace {

// FILM_SAMPLE_REPORT=FOLDER keeps the sample, to look at it in a browser.
TEST(Sample, IsWrittenAndTheSameTwice) {
  const char* kept = std::getenv("FILM_SAMPLE_REPORT");
  const fs::path folder =
      kept ? fs::path(kept) : fs::temp_directory_path() / ("film_sample_" + std::to_string(::getpid()));
  const ReportInput input = testing::sample_report();
  const auto files = write_report(folder, input);
  for (const fs::path& file : files) EXPECT_TRUE(fs::exists(folder / file)) << file;
  const std::string first = read_file(folder / "report.html");
  write_report(folder, input);
  EXPECT_EQ(read_file(folder / "report.html"), first);
  std::puts(terminal_summary(input.models, input.comparisons).c_str());
  if (kept)
    for (const std::size_t models : {1, 3, 8})
      write_report(folder / ("models_" + std::to_string(models)), testing::sample_of_many(models));
  if (!kept) fs::remove_all(folder);
}

}  // namespace
}  // namespace film::report

#include <gtest/gtest.h>

#include "film/base/files.h"
#include "film/tasks/task.h"

namespace film::tasks {
namespace {

TEST(LineTokens, BoundTheLengthOfAJoinedContext) {
  const fs::path file = fs::path(FILM_TEST_DATA) / "tokenizer" / "small.model";
  if (!fs::exists(file)) GTEST_SKIP() << "no tokenizer fixture: " << file;
  const auto tokenizer = text::Tokenizer::load(file);
  const LineTokens tokens = line_tokens(tokenizer);
  const std::vector<std::string> lines = {"def run", "    x = 1", "", "the cat, sat.", "東京"};
  std::string joined;
  std::size_t sum = 0;
  for (const std::string& line : lines) {
    joined += (joined.empty() ? "" : "\n") + line;
    sum += tokens(line);
  }
  const std::size_t exact = tokenizer.encode_continuation(joined).size();
  EXPECT_LE(exact, sum);
  EXPECT_GE(exact + tokens(""), sum);  // short by one line break
}

}  // namespace
}  // namespace film::tasks

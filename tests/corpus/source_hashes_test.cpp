// Hashes of the corpus's files equal those of whole files, however far they were followed.
#include "corpus/source_hashes.h"

#include <gtest/gtest.h>

#include <thread>

#include "../support/temp_folder.h"
#include "film/base/random.h"

namespace film::corpus {
namespace {

class SourceHashesTest : public testing::Test {
 protected:
  SourceHashesTest() {
    Random random(1, "hashes");
    for (const std::size_t bytes : {700'000, 0, 1, 262'144, 0, 900'001, 0}) {
      std::string content(bytes, '\0');
      for (char& c : content) c = static_cast<char>(random.below(256));
      const std::string name = std::to_string(files_.size());
      files_.push_back({folder_.put(name, content), name});
      files_.back().bytes = bytes;
      all_ += bytes;
    }
  }

  void expect_hashes(SourceHashes& hashes) {
    for (std::size_t i = files_.size(); i-- > 0;)  // from the last on: the order is free
      EXPECT_EQ(hashes.of(i), sha256_file(files_[i].path)) << i;
  }

  support::TempFolder folder_;
  std::vector<sources::SourceFile> files_;
  std::uint64_t all_ = 0;
};

TEST_F(SourceHashesTest, WhereverReadingStops) {
  for (const std::uint64_t bytes :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{699'999}, std::uint64_t{700'000},
        std::uint64_t{700'001}, std::uint64_t{962'145}, all_ - 1, all_, all_ + 1, UINT64_MAX / 2}) {
    SourceHashes hashes(files_);
    for (std::uint64_t left = bytes, step = 1; left > 0 && step < all_; step *= 3) {
      const std::uint64_t now = std::min(left, step);
      hashes.follow(now);
      left -= now;
    }
    hashes.follow(bytes);  // more than was read: what a file holds decides
    expect_hashes(hashes);
  }
}

TEST_F(SourceHashesTest, FromSeveralThreads) {
  SourceHashes hashes(files_);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) hashes.follow(all_ / 400);
      });
  }
  expect_hashes(hashes);
}

}  // namespace
}  // namespace film::corpus

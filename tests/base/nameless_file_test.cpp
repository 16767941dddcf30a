#include "film/base/nameless_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "film/base/error.h"

namespace film {
namespace {

class NamelessFileTest : public ::testing::Test {
 protected:
  NamelessFileTest() { fs::create_directories(folder_); }
  ~NamelessFileTest() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::path(::testing::TempDir()) / ("nameless." + std::to_string(::getpid()));
};

TEST_F(NamelessFileTest, HoldsWhatIsWrittenAndHasNoName) {
  const FileDescriptor one = nameless_file(folder_), other = nameless_file(folder_);
  EXPECT_TRUE(fs::is_empty(folder_));
  write_all(one, "first", "one");
  write_all(other, "second", "other");
  char found[16] = {};
  EXPECT_EQ(::pread(one.get(), found, sizeof found, 0), 5);
  EXPECT_STREQ(found, "first");
}

TEST_F(NamelessFileTest, AFolderThatTakesNoneIsNamed) {
  try {
    nameless_file(folder_ / "missing");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(std::string(error.what()), ::testing::HasSubstr((folder_ / "missing").string()));
    EXPECT_EQ(error.code(), ExitCode::cannot_create);
  }
}

}  // namespace
}  // namespace film

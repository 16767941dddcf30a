// How a group of NCCL's ends, by a table that only writes down what it is asked.
#include "film/kernels/nccl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/cuda_library.h"

namespace film::kernels {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> ends;

class NcclGroupEnds : public ::testing::Test {
 protected:
  NcclGroupEnds() {
    ends.clear();
    table_.nccl_open = [](void** group, const void*, int, int, int) -> const char* {
      static int handle;
      *group = &handle;
      return nullptr;
    };
    table_.nccl_close = [](void*) -> const char* {
      ends.emplace_back("close");
      return nullptr;
    };
    table_.nccl_abort = [](void*) -> const char* {
      ends.emplace_back("abort");
      return nullptr;
    };
    use_table(&table_);
  }
  ~NcclGroupEnds() override { use_table(nullptr); }

  static NcclGroup open() { return {at::Device(at::kCUDA, 0), {}, 0, 2}; }

 private:
  cuda::Library table_{};
};

TEST_F(NcclGroupEnds, InOrderWhereNothingFailed) {
  { const NcclGroup group = open(); }
  EXPECT_THAT(ends, ElementsAre("close"));
}

// Of several all: the last one opened goes first.
TEST_F(NcclGroupEnds, AtOnceWhileAnErrorIsOnItsWay) {
  try {
    const NcclGroup one = open(), two = open();
    throw std::runtime_error("a full disk");
  } catch (const std::runtime_error&) {
  }
  EXPECT_THAT(ends, ElementsAre("abort", "abort"));
}

// An error that was dealt with is none any more.
TEST_F(NcclGroupEnds, InOrderAfterAnErrorThatWasCaught) {
  try {
    throw std::runtime_error("a server that did not answer");
  } catch (const std::runtime_error&) {
    const NcclGroup group = open();
  }
  EXPECT_THAT(ends, ElementsAre("close"));
}

TEST_F(NcclGroupEnds, NothingThatWasNeverOpened) {
  cuda::Library broken{};
  broken.nccl_open = [](void**, const void*, int, int, int) { return "unhandled system error"; };
  use_table(&broken);
  EXPECT_ANY_THROW(open());
  EXPECT_THAT(ends, ElementsAre());
}

}  // namespace
}  // namespace film::kernels

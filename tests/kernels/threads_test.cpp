// at::parallel_for is a header: compiled without OpenMP it runs serially and says nothing.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <atomic>

namespace film::kernels {
namespace {

TEST(Threads, ParallelForUsesThem) {
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  std::atomic<int> parts = 0, of_the_second = 0;
  at::parallel_for(0, 2, 1, [&](std::int64_t begin, std::int64_t end) {
    parts += end - begin == 1 ? 1 : 0;
    of_the_second += at::get_thread_num() == 1 ? 1 : 0;
  });
  at::set_num_threads(before);
  EXPECT_EQ(parts, 2);
  EXPECT_EQ(of_the_second, 1);
}

}  // namespace
}  // namespace film::kernels

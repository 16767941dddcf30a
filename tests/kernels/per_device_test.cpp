// What is remembered per device: the first device's answer is not everybody's.
#include "kernels/per_device.h"

#include <gtest/gtest.h>

namespace film::kernels {
namespace {

TEST(PerDevice, EveryDeviceIsAskedOnceAndAnswersForItself) {
  PerDevice<int> majors;
  int asked = 0;
  const auto ask = [&](int index) {
    ++asked;
    return index == 0 ? 9 : 8;
  };
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(majors.of(0, ask), 9);
    EXPECT_EQ(majors.of(1, ask), 8);
  }
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace film::kernels

#include "train/host_buffer.h"

#include <gtest/gtest.h>

#include "film/base/error.h"

namespace film::train {
namespace {

TEST(HostBuffer, IsZeroAndWritable) {
  for (const std::int64_t size : {0, 1, 4097, 3'000'001})
    for (const auto type : {at::kFloat, at::kShort}) {
      at::Tensor x = host_zeros(size, type);
      EXPECT_EQ(x.numel(), size);
      EXPECT_EQ(x.scalar_type(), type);
      EXPECT_EQ(x.count_nonzero().item<std::int64_t>(), 0);
      x.fill_(3);
      EXPECT_EQ(x.narrow(0, 0, size).sum().item<double>(), 3.0 * static_cast<double>(size));
    }
}

TEST(HostBuffer, WhatTheSystemRefusesIsAnError) {
  EXPECT_THROW(host_zeros(std::int64_t{1} << 60, at::kByte), Error);
}

}  // namespace
}  // namespace film::train

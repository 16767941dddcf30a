// fp32 masters split into bf16 weights and int16 remainders: exact for every bit pattern. FILM_FULL=1 tries
// all 2^32 of them, else every 17th.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <vector>

#include "film/kernels/kernels.h"

namespace film::kernels {
namespace {

constexpr std::uint64_t kPatterns = std::uint64_t{1} << 32;

// Fills a tensor with n values of the given bits.
Tensor from_bits(std::int64_t n, const std::function<std::uint32_t(std::int64_t)>& bits) {
  Tensor x = at::empty({n}, at::kFloat);
  auto* data = reinterpret_cast<std::uint32_t*>(x.mutable_data_ptr<float>());
  for (std::int64_t i = 0; i < n; ++i) data[i] = bits(i);
  return x;
}

// Bit patterns as integers: NaNs compare too.
Tensor bits_of(const Tensor& x) { return x.view(at::kInt); }

struct Split {
  explicit Split(const Tensor& master)
      : high(at::empty(master.sizes(), at::kBFloat16)), remainder(at::empty(master.sizes(), at::kShort)) {
    split_master(master, high, remainder);
  }
  Tensor joined() const {
    Tensor master = at::empty(high.sizes(), at::kFloat);
    join_master(high, remainder, master);
    return master;
  }
  Tensor high, remainder;
};

// The mutant: a cast that rounds ties to even in place of the rule.
Tensor joined_after_cast(const Tensor& master) {
  const Tensor high = master.to(at::kBFloat16);
  const Tensor remainder = (bits_of(master) - bits_of(high.to(at::kFloat))).to(at::kShort);
  Tensor back = at::empty(master.sizes(), at::kFloat);
  join_master(high, remainder, back);
  return back;
}

TEST(SplitMaster, EveryPatternComesBack) {
  const bool full = std::getenv("FILM_FULL") != nullptr;
  const std::uint64_t stride = full ? 1 : 17;  // a prime: all low halves are met
  const std::uint64_t count = (kPatterns + stride - 1) / stride, block = 1 << 22;
  for (std::uint64_t begin = 0; begin < count; begin += block) {
    const auto size = static_cast<std::int64_t>(std::min(block, count - begin));
    const Tensor master = from_bits(size, [&](std::int64_t i) {
      return static_cast<std::uint32_t>((begin + static_cast<std::uint64_t>(i)) * stride);
    });
    ASSERT_TRUE(bits_of(Split(master).joined()).equal(bits_of(master))) << "block from " << begin;
  }
}

// All 2^16 patterns that lie halfway between two bf16 numbers.
Tensor ties() {
  return from_bits(1 << 16, [](std::int64_t i) { return (static_cast<std::uint32_t>(i) << 16) | 0x8000u; });
}

TEST(SplitMaster, EveryTieComesBackAndGoesAwayFromZero) {
  const Tensor master = ties();
  const Split split(master);
  EXPECT_TRUE(bits_of(split.joined()).equal(bits_of(master)));
  const Tensor finite = master.isfinite(), rounded = split.high.to(at::kFloat);
  EXPECT_TRUE(rounded.abs().gt(master.abs()).logical_or(finite.logical_not()).all().item<bool>());
}

TEST(SplitMaster, RoundingTiesToEvenWouldNotComeBack) {
  const Tensor master = ties();
  const Tensor same = bits_of(joined_after_cast(master)).eq(bits_of(master));
  const Tensor finite = master.isfinite();
  // Exactly the ties with an even lower neighbour fail: their remainder would be +0x8000.
  const Tensor even = at::arange(1 << 16).remainder(2).eq(0);
  EXPECT_TRUE(same.logical_and(finite).equal(even.logical_not().logical_and(finite)));
}

// Off the ties the two roundings agree, so the weight is what any other bf16 program would compute with.
TEST(SplitMaster, HighIsTheNearestNumber) {
  const Tensor master = from_bits(1 << 20, [](std::int64_t i) {
    const auto bits = static_cast<std::uint32_t>(i) * 4093u;
    return (bits & 0xffffu) == 0x8000u ? bits + 1 : bits;
  });
  const Tensor same = Split(master).high.eq(master.to(at::kBFloat16));
  EXPECT_TRUE(same.logical_or(master.isfinite().logical_not()).all().item<bool>());
}

TEST(SplitMaster, EdgesOfTheFormat) {
  using Limits = std::numeric_limits<float>;
  const std::vector<float> values = {0.0f,
                                     -0.0f,
                                     Limits::denorm_min(),
                                     -Limits::denorm_min(),
                                     Limits::min(),
                                     std::nextafter(Limits::min(), 0.0f),
                                     Limits::max(),
                                     -Limits::max(),
                                     Limits::infinity(),
                                     -Limits::infinity(),
                                     1.0f,
                                     std::nextafter(1.0f, 0.0f)};
  const Tensor master = at::tensor(values);
  const Split split(master);
  EXPECT_TRUE(bits_of(split.joined()).equal(bits_of(master)));
  const auto high = [&](std::int64_t i) { return split.high[i].item<float>(); };
  EXPECT_EQ(std::bit_cast<std::uint32_t>(high(1)), 0x80000000u);  // the sign of zero is kept
  EXPECT_EQ(high(2), 0.0f);
  EXPECT_EQ(high(6), Limits::infinity());  // no bf16 number is as large: said in the header
  EXPECT_EQ(high(9), -Limits::infinity());
  EXPECT_EQ(high(11), 1.0f);
}

TEST(SplitMaster, SameForAnyNumberOfThreads) {
  const Tensor master =
      from_bits(100'003, [](std::int64_t i) { return static_cast<std::uint32_t>(i) * 40503u; });
  const Split many(master);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Split one(master);
  at::set_num_threads(threads);
  EXPECT_TRUE(one.remainder.equal(many.remainder));
  EXPECT_TRUE(bits_of(one.joined()).equal(bits_of(many.joined())));
}

TEST(SplitMaster, EmptyAndScalar) {
  EXPECT_EQ(Split(at::empty({0}, at::kFloat)).joined().numel(), 0);
  EXPECT_EQ(Split(at::full({}, 3.14159f, at::kFloat)).joined().item<float>(), 3.14159f);
}

}  // namespace
}  // namespace film::kernels

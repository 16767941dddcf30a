// film's attention on a CPU against scores in memory in fp64, with the code of every instruction set that this machine has.
#include "film/kernels/attention.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <bit>

#include "kernels/attention/block.h"

namespace film::kernels {
namespace {

struct Shape {
  std::int64_t Q, K, N, M, H;
  bool causal;
};

struct Problem {
  Tensor q, k, v, dout;
};

// Keys and values side by side, as the model has them: their rows do not lie end to end.
Problem random_problem(const Shape& s) {
  const Tensor kv = at::randn({s.K, 2 * s.M, s.H});
  return {at::randn({s.Q, s.N, s.H}), kv.narrow(1, 0, s.M), kv.narrow(1, s.M, s.M),
          at::randn({s.Q, s.N, s.H})};
}

struct Results {
  Tensor out, lse, dq, dk, dv;
};

Results ours(const Problem& x, bool causal) {
  const auto [out, lse] = attend(x.q, x.k, x.v, causal);
  const auto [dq, dk, dv] = attend_backward(x.dout, x.q, x.k, x.v, out, lse, causal);
  return {out, lse, dq, dk, dv};
}

// By the definition, in fp64.
Results exact(const Problem& x, bool causal) {
  const auto heads_first = [](const Tensor& t) { return t.to(at::kDouble).transpose(0, 1); };
  const std::int64_t copies = x.q.size(1) / x.k.size(1);
  const double scale = 1 / std::sqrt(static_cast<double>(x.q.size(2)));
  const Tensor q = heads_first(x.q), k = heads_first(x.k).repeat_interleave(copies, 0),
               v = heads_first(x.v).repeat_interleave(copies, 0), dout = heads_first(x.dout);
  Tensor scores = at::matmul(q, k.transpose(1, 2)) * scale;
  if (causal) scores.masked_fill_(at::ones_like(scores[0], at::kBool).triu(1), -INFINITY);
  const Tensor p = scores.softmax(-1), out = at::matmul(p, v), dp = at::matmul(dout, v.transpose(1, 2)),
               ds = p * (dp - (dout * out).sum(-1, true));
  const auto of_key_heads = [&](const Tensor& t) {
    return t.view({x.k.size(1), copies, t.size(1), t.size(2)}).sum(1).transpose(0, 1);
  };
  return {out.transpose(0, 1), scores.logsumexp(-1).t(), at::matmul(ds, k).transpose(0, 1) * scale,
          of_key_heads(at::matmul(ds.transpose(1, 2), q)) * scale,
          of_key_heads(at::matmul(p.transpose(1, 2), dout))};
}

double error(const Tensor& got, const Tensor& right) {
  return ((got.to(at::kDouble) - right).norm() / right.norm().clamp_min(1e-3)).item<double>();
}

void expect_equal(const Results& got, const Results& right, double bound, const std::string& what) {
  EXPECT_LT(error(got.out, right.out), bound) << what;
  EXPECT_LT((got.lse.to(at::kDouble) - right.lse).abs().max().item<double>(), 10 * bound) << what;
  EXPECT_LT(error(got.dq, right.dq), bound) << what;
  EXPECT_LT(error(got.dk, right.dk), bound) << what;
  EXPECT_LT(error(got.dv, right.dv), bound) << what;
}

class AttentionBlocks : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const bool wide = std::string(GetParam()) == "avx512";
    if (!(wide ? __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("avx512dq")
               : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")))
      GTEST_SKIP() << "this processor has no " << GetParam();
    attention::use_kernel(wide ? &attention::avx512 : &attention::avx2);
    at::manual_seed(5);
  }
  void TearDown() override { attention::use_kernel(nullptr); }
};

// Whole blocks, a row and a key more and less than whole ones, several blocks of keys, heads that share keys or do not.
TEST_P(AttentionBlocks, EqualTheDefinition) {
  for (const std::int64_t length : {48, 49, 95, 144, 145, 301})
    for (const auto& [N, M, H] : {std::tuple{4, 2, 32}, {2, 2, 16}, {6, 2, 48}, {2, 1, 128}, {1, 1, 256}}) {
      const Problem x = random_problem({length, length, N, M, H, true});
      expect_equal(ours(x, true), exact(x, true), 2e-6,
                   "causal " + std::to_string(length) + " x " + std::to_string(H));
    }
  for (const auto& [Q, K] : {std::pair{48, 1}, {50, 143}, {200, 48}, {97, 600}}) {
    const Problem x = random_problem({Q, K, 4, 2, 32, false});
    expect_equal(ours(x, false), exact(x, false), 2e-6,
                 std::to_string(Q) + " rows of " + std::to_string(K) + " keys");
  }
}

// Scores of thousands: nothing overflows, and what is far below the highest counts for exactly nothing.
TEST_P(AttentionBlocks, LargeScores) {
  Problem x = random_problem({150, 150, 2, 1, 32, true});
  x.q.mul_(100);
  x.k.mul_(30);
  expect_equal(ours(x, true), exact(x, true), 2e-3, "large");
}

// The softmax may run over more keys than these: output and log-sum-exp of both parts give the gradients of both.
TEST_P(AttentionBlocks, PartsOfASoftmax) {
  const Problem x = random_problem({60, 200, 4, 2, 32, false});
  const Results right = exact(x, false);
  const Tensor out = right.out.to(at::kFloat).contiguous(), lse = right.lse.to(at::kFloat).contiguous();
  Tensor dq = at::zeros_like(x.q);
  std::vector<Tensor> dk, dv;
  for (const auto& [begin, length] : {std::pair{0, 150}, {150, 50}}) {
    const auto part = attend_backward(x.dout, x.q, x.k.narrow(0, begin, length), x.v.narrow(0, begin, length),
                                      out, lse, false);
    dq += part.dq_QNH;
    dk.push_back(part.dk_KMH);
    dv.push_back(part.dv_KMH);
  }
  EXPECT_LT(error(dq, right.dq), 2e-6);
  EXPECT_LT(error(at::cat(dk), right.dk), 2e-6);
  EXPECT_LT(error(at::cat(dv), right.dv), 2e-6);
}

TEST_P(AttentionBlocks, NothingThatIsNotANumberIsLost) {
  // A NaN of any bits, as in a damaged file.
  for (const std::uint32_t bits : {0x7fc00000u, 0xffc00000u, 0x7fffffffu, 0xffffffffu, 0x7fc00001u})
    for (const bool in_query : {true, false}) {
      Problem x = random_problem({100, 100, 2, 1, 32, true});
      (in_query ? x.q : x.k)[70][0].mutable_data_ptr<float>()[3] = std::bit_cast<float>(bits);
      const Results got = ours(x, true);
      EXPECT_FALSE(got.out.narrow(0, 0, 70).isnan().any().item<bool>()) << "rows before it do not see it";
      EXPECT_TRUE(got.out[70][0].isnan().all().item<bool>());
      EXPECT_TRUE(got.dq[70][0].isnan().all().item<bool>());
    }
}

TEST_P(AttentionBlocks, ThreadsChangeNoBit) {
  for (const auto& [N, M] : {std::pair{4, 2}, {8, 1}}) {
    const Problem x = random_problem({500, 500, N, M, 32, true});
    const int before = at::get_num_threads();
    at::set_num_threads(1);
    const Results one = ours(x, true);
    at::set_num_threads(3);
    const Results three = ours(x, true);
    at::set_num_threads(before);
    for (const auto part : {&Results::out, &Results::lse, &Results::dq, &Results::dk, &Results::dv})
      EXPECT_TRUE(at::equal(one.*part, three.*part));
  }
}

TEST_P(AttentionBlocks, TakeWhatTheyAreFasterAt) {
  EXPECT_TRUE(can_attend(at::empty({96, 2, 64})));
  EXPECT_FALSE(can_attend(at::empty({95, 2, 64}))) << "few rows";
  EXPECT_FALSE(can_attend(at::empty({96, 2, 24}))) << "no whole vectors";
  EXPECT_FALSE(can_attend(at::empty({96, 2, 272}))) << "more than the work space holds";
  EXPECT_FALSE(can_attend(at::empty({96, 2, 64}, at::kBFloat16)));
  EXPECT_FALSE(can_attend(at::empty({96, 2, 64}, at::kDouble)));
}

INSTANTIATE_TEST_SUITE_P(Sets, AttentionBlocks, ::testing::Values("avx2", "avx512"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace film::kernels

// Every kernel's backward against Torch's autograd in fp64, over odd shapes; and the bf16
// functions against fp64.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "film/kernels/kernels.h"

namespace film {
namespace {

using at::Tensor;
using kernels::opmath_type;

Tensor random(at::IntArrayRef shape, at::ScalarType type = at::kDouble) {
  return at::randn(shape, at::kDouble).to(type);
}

Tensor leaf(const Tensor& x) { return x.detach().clone().set_requires_grad(true); }

std::vector<Tensor> gradients(const Tensor& y, const Tensor& dy, const std::vector<Tensor>& inputs) {
  return torch::autograd::grad({(y * dy).sum()}, inputs);
}

// Largest difference relative to the largest value.
double difference(const Tensor& a, const Tensor& b) {
  const Tensor x = a.to(at::kDouble), y = b.to(at::kDouble);
  return ((x - y).abs().max() / (y.abs().max() + 1e-300)).item<double>();
}

// fp64 agrees to rounding; bf16 inputs are exact in both, the result is rounded once.
double bound(at::ScalarType type) { return type == at::kDouble ? 1e-12 : 1.0 / 128; }

struct Shape {
  std::int64_t rows, width;
};
const Shape kShapes[] = {{1, 2}, {1, 62}, {3, 1}, {5, 37}, {17, 64}, {33, 130}, {130, 6}};

class Kernels : public ::testing::TestWithParam<at::ScalarType> {
 protected:
  void SetUp() override { at::manual_seed(3); }
};

TEST_P(Kernels, RmsNorm) {
  for (const auto& [T, D] : kShapes) {
    const Tensor x = random({T, D}, GetParam()), w = random({D}, GetParam()), dy = random({T, D}, GetParam()),
                 before = random({T, D}, GetParam());
    Tensor y = at::empty_like(x), rstd = at::empty({T}, opmath_type(x));
    kernels::rms_norm_forward(x, w, 1e-5, y, rstd);
    const Tensor lx = leaf(x.to(at::kDouble)), lw = leaf(w.to(at::kDouble));
    const Tensor right = lx * (lx.pow(2).mean(-1, true) + 1e-5).rsqrt() * lw;
    EXPECT_LT(difference(y, right), bound(GetParam()));
    Tensor again = at::empty_like(x);
    kernels::rms_norm_recompute(x, w, rstd, again);
    EXPECT_TRUE(at::equal(again, y));

    Tensor dx = before.clone(), dw = at::full({D}, 2.0, opmath_type(x));
    kernels::rms_norm_backward(dy, x, w, rstd, dx, dw);
    const auto d = gradients(right, dy.to(at::kDouble), {lx, lw});
    EXPECT_LT(difference(dx, before.to(at::kDouble) + d[0]), bound(GetParam())) << T << " x " << D;
    EXPECT_LT(difference(dw, 2 + d[1]), bound(GetParam())) << T << " x " << D;
  }
}

TEST_P(Kernels, Rope) {
  for (const auto& [T, N, H] : {std::tuple{1, 1, 2}, {3, 2, 6}, {7, 5, 10}, {65, 3, 64}}) {
    const Tensor angle = at::rand({T, H / 2}, at::kDouble) * 6, wide = random({T, N + 2, H}, GetParam());
    const auto sums = opmath_type(wide);
    Tensor x = wide.clone();
    kernels::rope(x.narrow(1, 1, N), angle.cos().to(sums), angle.sin().to(sums), false);
    const Tensor lx = leaf(wide.narrow(1, 1, N).to(at::kDouble));
    const auto halves = lx.split(H / 2, 2);
    const Tensor c = angle.cos().unsqueeze(1), s = angle.sin().unsqueeze(1);
    const Tensor right = at::cat({halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s}, 2);
    EXPECT_LT(difference(x.narrow(1, 1, N), right), bound(GetParam()));
    EXPECT_TRUE(at::equal(x.narrow(1, 0, 1), wide.narrow(1, 0, 1))) << "a neighbour was touched";

    const Tensor dy = random({T, N, H}, GetParam());
    Tensor dx = dy.clone();
    kernels::rope(dx, angle.cos().to(sums), angle.sin().to(sums), true);
    EXPECT_LT(difference(dx, gradients(right, dy.to(at::kDouble), {lx})[0]), bound(GetParam()));
  }
}

TEST_P(Kernels, SwiGlu) {
  for (const auto& [T, F] : kShapes) {
    const Tensor gate_up = random({T, 2 * F}, GetParam()) * 3, dout = random({T, F}, GetParam());
    Tensor out = at::empty_like(dout), dgate_up = at::empty_like(gate_up), product = dout.clone();
    kernels::swiglu_forward(gate_up, out);
    kernels::swiglu_backward(product, gate_up, dgate_up);
    EXPECT_TRUE(at::equal(product, out));
    const Tensor l = leaf(gate_up.to(at::kDouble));
    const Tensor right = at::silu(l.narrow(1, 0, F)) * l.narrow(1, F, F);
    EXPECT_LT(difference(out, right), bound(GetParam()));
    EXPECT_LT(difference(dgate_up, gradients(right, dout.to(at::kDouble), {l})[0]), bound(GetParam()));
  }
}

TEST_P(Kernels, CrossEntropy) {
  for (const auto& [R, V] : {Shape{1, 2}, {3, 7}, {5, 101}, {19, 1030}}) {
    const Tensor logits = random({R, V}, GetParam()) * 4;
    const Tensor targets = at::randint(V, {R}, at::kLong), weights = at::rand({R}, at::kDouble) + 0.1;
    const auto sums = opmath_type(logits);
    Tensor d = logits.clone(), loss = at::empty({R}, sums), correct = at::empty({R}, at::kByte);
    kernels::cross_entropy(d, targets, weights.to(sums), loss, correct);
    const Tensor l = leaf(logits.to(at::kDouble));
    const Tensor right = -l.log_softmax(-1).gather(1, targets.unsqueeze(1)).squeeze(1);
    const double tight =
        GetParam() == at::kDouble ? 1e-12 : 1e-5;  // the loss itself is never rounded to bf16
    EXPECT_LT(difference(loss, right), tight);
    EXPECT_LT(difference(d, gradients(right, weights, {l})[0]), bound(GetParam()));
    EXPECT_TRUE(at::equal(correct.to(at::kBool), l.argmax(-1) == targets));
  }
}

TEST_P(Kernels, EmbeddingGradient) {
  const std::int64_t V = 11;
  for (const auto& [T, D] : kShapes) {
    const Tensor ids = at::randint(V, {T}, at::kLong), dx = random({T, D}, GetParam());
    Tensor d = at::ones({V, D}, opmath_type(dx));
    kernels::embedding_backward(dx, ids, d);
    const Tensor right = at::ones({V, D}, at::kDouble).index_add_(0, ids, dx.to(at::kDouble));
    EXPECT_LT(difference(d, right), GetParam() == at::kDouble ? 1e-13 : 1e-6);  // sums of bf16 in fp32
  }
}

// A rank may have none of a pack's answer rows.
TEST_P(Kernels, NoRowsAddNothing) {
  for (const auto& [O, I] : kShapes) {
    const Tensor a = at::empty({0, O}, GetParam()), b = at::empty({0, I}, GetParam());
    Tensor sum = at::full({O, I}, 0.5, opmath_type(a));
    kernels::accumulate_weight_gradient(sum, a, b);
    EXPECT_TRUE(sum.eq(0.5).all().item<bool>()) << O << " " << I;
  }
}

// Products of bf16 are exact in fp32; their sum is not rounded to bf16 on the way into the accumulator.
TEST_P(Kernels, AddOuter) {
  for (const auto& [R, O, I] : {std::tuple{1, 1, 1}, {3, 5, 2}, {67, 33, 130}, {1025, 7, 9}}) {
    const Tensor a = random({R, O + 3}, GetParam()).narrow(1, 1, O), b = random({R, I}, GetParam());
    Tensor sum = at::full({O, I}, 0.5, opmath_type(a));
    const Tensor left = GetParam() == at::kDouble ? a : a.contiguous();
    kernels::accumulate_weight_gradient(sum, left, b);
    const Tensor right = 0.5 + at::mm(a.to(at::kDouble).t(), b.to(at::kDouble));
    EXPECT_LT(difference(sum, right), GetParam() == at::kDouble ? 1e-13 : 2e-6) << R << " " << O << " " << I;
  }
}

// Rows on both sides of every size of a block; onto another tensor, onto the result itself, and onto nothing.
TEST_P(Kernels, Multiply) {
  const std::int64_t I = 33, O = 20;
  const Tensor w = random({O, I}, GetParam());
  for (const std::int64_t R : {0, 1, 2, 3, 31, 63, 64, 65, 127, 1000, 1024, 1025, 2111}) {
    const Tensor x = random({R, I + 5}, GetParam()).narrow(1, 2, I), base = random({R, O}, GetParam());
    Tensor alone = at::full({R, O}, std::numeric_limits<double>::quiet_NaN(), base.options()),
           onto = at::empty_like(base), itself = base.clone();
    kernels::multiply(x, w.t(), alone);
    kernels::multiply(x, w.t(), onto, base);
    kernels::multiply(x, w.t(), itself, itself);
    if (R == 0) continue;  // nothing to compare: no row was read
    const Tensor right = at::mm(x.to(at::kDouble), w.to(at::kDouble).t());
    EXPECT_LT(difference(alone, right), bound(GetParam())) << R;
    EXPECT_LT(difference(onto, base.to(at::kDouble) + right), bound(GetParam())) << R;
    EXPECT_TRUE(at::equal(onto, itself)) << R;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, Kernels, ::testing::Values(at::kDouble, at::kBFloat16),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

}  // namespace
}  // namespace film

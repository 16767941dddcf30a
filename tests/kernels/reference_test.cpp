#include "reference.h"

#include "../gpu.h"

namespace film::testing {
namespace {

using kernels::opmath_type;

Tensor random(at::IntArrayRef shape, at::ScalarType type) { return at::randn(shape, at::kDouble).to(type); }

// What a kernel has not written must be seen.
Tensor poisoned(at::IntArrayRef shape, at::ScalarType type) {
  return type == at::kByte || type == at::kShort
             ? at::full(shape, 77, type)
             : at::full(shape, std::numeric_limits<double>::quiet_NaN(), type);
}

// Sums in another order, exp and log of another library: a few units of rounding of the type of sums, and one
// rounding to bf16 that may go the other way.
double bound(at::ScalarType type) {
  return type == at::kDouble ? 1e-13 : type == at::kFloat ? 2e-6 : 1.0 / 128;
}

void expect_near(const Tensor& got, const Tensor& right, double tolerance, const char* what) {
  const Tensor a = got.cpu().to(at::kDouble), b = right.to(at::kDouble);
  const double difference = ((a - b).abs().max() / (b.abs().max() + 1e-300)).item<double>();
  EXPECT_LE(difference, tolerance) << what << " of " << right.sizes();  // fails on NaN too
}

struct Shape {
  std::int64_t rows, width;
};
const Shape kShapes[] = {{1, 2}, {1, 62}, {3, 1}, {5, 37}, {17, 64}, {9, 2056}, {130, 8}};
// More rows than a block takes at once, and rows wider than a thread's registers hold.
const Shape kNormShapes[] = {{1, 2}, {3, 1}, {5, 37}, {17, 64}, {9, 2056}, {600, 16}, {3, 4104}, {2, 8200}};

class Checks {
 public:
  Checks(const Subject& subject, at::ScalarType type) : subject_(subject), type_(type) { at::manual_seed(3); }

  void rms_norm() const {
    for (const auto& [T, D] : kNormShapes) {
      const Tensor x = random({T, D}, type_), w = random({D}, type_), dy = random({T, D}, type_),
                   before = random({T, D}, type_);
      const auto sums = opmath_type(x);
      Tensor y = poisoned({T, D}, type_), rstd = poisoned({T}, sums), again = poisoned({T, D}, type_);
      Tensor y2 = there(y), rstd2 = there(rstd), again2 = there(again);
      kernels::rms_norm_forward(x, w, 1e-5, y, rstd);
      subject_.rms_norm_forward(there(x), there(w), 1e-5, y2, rstd2);
      expect_near(y2, y, bound(type_), "rms_norm");
      expect_near(rstd2, rstd, 4 * bound(sums), "rstd");
      subject_.rms_norm_recompute(there(x), there(w), rstd2, again2);
      EXPECT_TRUE(at::equal(again2, y2)) << "rms_norm_recompute";
      Tensor dx = before.clone(), dw = at::full({D}, 2.0, sums), dx2 = there(before), dw2 = there(dw);
      kernels::rms_norm_backward(dy, x, w, rstd, dx, dw);
      subject_.rms_norm_backward(there(dy), there(x), there(w), rstd2, dx2, dw2);
      expect_near(dx2, dx, bound(type_), "rms_norm dx");
      expect_near(dw2, dw, 4 * bound(sums), "rms_norm dw");
    }
  }

  void rope() const {
    for (const auto& [T, N, H] : {std::tuple{1, 1, 2}, {3, 2, 6}, {7, 5, 10}, {65, 3, 64}, {2, 4, 128}})
      for (const bool inverse : {false, true}) {
        const Tensor angle = at::rand({T, H / 2}, at::kDouble) * 6, wide = random({T, N + 3, H}, type_);
        const Tensor cos = angle.cos().to(opmath_type(wide)), sin = angle.sin().to(opmath_type(wide));
        Tensor x = wide.clone(), x2 = there(wide);
        kernels::rope(x.narrow(1, 1, N), cos, sin, inverse);
        subject_.rope(x2.narrow(1, 1, N), there(cos), there(sin), inverse);
        expect_near(x2, x, bound(type_), "rope");
        EXPECT_TRUE(at::equal(x2.select(1, 0).cpu(), wide.select(1, 0))) << "a neighbour was touched";
        EXPECT_TRUE(at::equal(x2.narrow(1, N + 1, 2).cpu(), wide.narrow(1, N + 1, 2)));
      }
  }

  void swiglu() const {
    for (const auto& [T, F] : kShapes) {
      const Tensor gate_up = random({T, 2 * F}, type_) * 3;
      Tensor dout = random({T, F}, type_), dout2 = there(dout.clone());
      Tensor out = poisoned({T, F}, type_), d = poisoned({T, 2 * F}, type_), out2 = there(out), d2 = there(d);
      kernels::swiglu_forward(gate_up, out);
      kernels::swiglu_backward(dout, gate_up, d);
      subject_.swiglu_forward(there(gate_up), out2);
      subject_.swiglu_backward(dout2, there(gate_up), d2);
      expect_near(out2, out, bound(type_), "swiglu");
      EXPECT_TRUE(at::equal(dout, out) && at::equal(dout2, out2)) << "the product again, to the bit";
      expect_near(d2, d, bound(type_), "swiglu gradient");
    }
  }

  void cross_entropy() const {
    for (const auto& [R, V] : {Shape{1, 2}, {3, 7}, {5, 101}, {19, 1032}, {2, 4099}}) {
      Tensor logits = random({R, V}, type_) * 4;
      logits[0][V - 1] = logits[0].max();  // a tie: the first index wins
      const Tensor targets = at::randint(V, {R}, at::kLong);
      targets[0] = logits[0].to(at::kFloat).argmax();
      const auto sums = opmath_type(logits);
      const Tensor weights = at::rand({R}, at::kDouble).add(0.1).to(sums);
      Tensor d = logits.clone(), loss = poisoned({R}, sums), correct = poisoned({R}, at::kByte);
      Tensor d2 = there(logits), loss2 = there(loss), correct2 = there(correct);
      kernels::cross_entropy(d, targets, weights, loss, correct);
      subject_.cross_entropy(d2, there(targets), there(weights), loss2, correct2);
      expect_near(d2, d, bound(type_), "cross-entropy gradient");
      expect_near(loss2, loss, 2 * bound(sums), "loss");
      EXPECT_TRUE(at::equal(correct2.cpu(), correct)) << "correct";
    }
  }

  void merge_attention() const {
    for (const auto& [Q, N, H] : {std::tuple{1, 1, 2}, {5, 3, 6}, {9, 4, 64}, {33, 2, 130}}) {
      const Tensor out = random({Q, N, H}, type_), part = random({N, Q, H}, type_).transpose(0, 1);
      Tensor lse = at::randn({Q, N}, at::kDouble).to(opmath_type(out));
      const Tensor part_lse = at::randn({N, Q}, at::kDouble).to(opmath_type(out)).t();
      lse[0][0] = -std::numeric_limits<double>::infinity();  // nothing seen so far
      Tensor o = out.clone(), o2 = there(out), l = lse.clone(), l2 = there(lse);
      o[0][0].zero_();
      o2[0][0].zero_();
      kernels::merge_attention(o, l, part, part_lse);
      subject_.merge_attention(o2, l2, there(part), there(part_lse));
      expect_near(o2, o, bound(type_), "merged attention");
      expect_near(l2, l, bound(opmath_type(out)), "merged log-sum-exp");
    }
  }

  void embedding() const {
    for (const auto& [T, D] : kShapes) {
      const Tensor ids = at::randint(11, {T}, at::kLong), dx = random({T, D}, type_);
      Tensor d = at::ones({11, D}, opmath_type(dx)), d2 = there(d);
      kernels::embedding_backward(dx, ids, d);
      subject_.embedding_backward(there(dx), there(ids), d2);
      EXPECT_TRUE(at::equal(d2.cpu(), d)) << "sums in the same order have the same bits";
    }
  }

  // No product is contracted: the same bits as the CPU.
  void optimizer() const {
    const auto type = opmath_type(at::empty({0}, type_));
    for (const std::int64_t n : {1, 7, 64, 4099, 8192}) {
      const kernels::AdamStep step{3e-3, 0.9, 0.999, 1e-8, 0.1, 0.5, 3};
      Tensor w = at::randn({n}, type), g = at::randn({n}, type), m = at::randn({n}, type),
             v = at::rand({n}, type);
      Tensor w2 = there(w), m2 = there(m), v2 = there(v);
      Tensor high = poisoned({n}, at::kBFloat16), low = poisoned({n}, at::kShort), back = poisoned({n}, type);
      Tensor high2 = there(high), low2 = there(low), back2 = there(back);
      if (type == at::kFloat) {
        Tensor sm = m.clone(), sv = v.clone(), sm2 = there(m), sv2 = there(v);
        kernels::split_master(w, high, low);
        subject_.split_master(w2, high2, low2);
        expect_same({high2, low2}, {high, low}, "split masters");
        subject_.join_master(high2, low2, back2);
        expect_same({back2}, {w}, "joined masters");
        kernels::adamw_split(high, low, g, sm, sv, step);
        subject_.adamw_split(high2, low2, there(g), sm2, sv2, step);
        expect_same({high2, low2, sm2, sv2}, {high, low, sm, sv}, "AdamW on split masters");
      }
      kernels::adamw(w, g, m, v, step);
      subject_.adamw(w2, there(g), m2, v2, step);
      expect_same({w2, m2, v2}, {w, m, v}, "AdamW");
    }
  }

  void norm() const {
    for (const std::int64_t n : {1, 255, 4099, 33000, 100001}) {
      const Tensor x = random({n}, type_);
      const double right = kernels::squared_norm(x), got = subject_.squared_norm(there(x));
      EXPECT_NEAR(got, right, 1e-13 * right);
      EXPECT_EQ(got, subject_.squared_norm(there(x))) << "repeatable";
    }
  }

 private:
  // A copy on the device of the kernels under test, with the same strides.
  Tensor there(const Tensor& x) const {
    Tensor copy = at::empty_strided(x.sizes(), x.strides(), x.options().device(subject_.device));
    return copy.copy_(x);
  }

  static void expect_same(const std::vector<Tensor>& got, const std::vector<Tensor>& right,
                          const char* what) {
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_TRUE(at::equal(got[i].cpu(), right[i]))
          << what << ", tensor " << i << " of " << right[i].sizes();
  }

  const Subject& subject_;
  at::ScalarType type_;
};

}  // namespace

void check_against_reference(const Subject& subject, at::ScalarType type) {
  const Checks checks(subject, type);
  checks.rms_norm();
  checks.rope();
  checks.swiglu();
  checks.cross_entropy();
  checks.merge_attention();
  checks.embedding();
  checks.optimizer();
  checks.norm();
}

namespace {

class OnGpu : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(OnGpu, KernelsEqualTheirReferences) {
  FILM_NEEDS_GPU();
  check_against_reference({.device = gpu(),
                           .rms_norm_forward = kernels::rms_norm_forward,
                           .rms_norm_recompute = kernels::rms_norm_recompute,
                           .rms_norm_backward = kernels::rms_norm_backward,
                           .rope = kernels::rope,
                           .swiglu_forward = kernels::swiglu_forward,
                           .swiglu_backward = kernels::swiglu_backward,
                           .cross_entropy = kernels::cross_entropy,
                           .merge_attention = kernels::merge_attention,
                           .embedding_backward = kernels::embedding_backward,
                           .adamw = kernels::adamw,
                           .adamw_split = kernels::adamw_split,
                           .split_master = kernels::split_master,
                           .join_master = kernels::join_master,
                           .squared_norm = [](const Tensor& x) { return kernels::squared_norm(x); }},
                          GetParam());
}

INSTANTIATE_TEST_SUITE_P(Types, OnGpu, ::testing::Values(at::kFloat, at::kBFloat16, at::kDouble),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

TEST(OnGpuMatrix, AccumulateWeightGradient) {
  FILM_NEEDS_GPU();
  for (const auto type : {at::kFloat, at::kBFloat16, at::kDouble})
    for (const auto& [R, O, I] : {std::tuple{1, 1, 1}, {3, 5, 2}, {67, 33, 130}, {1025, 7, 9}}) {
      const Tensor a = random({R, O + 3}, type).narrow(1, 1, O), b = random({R, I}, type);
      Tensor sum = at::full({O, I}, 0.5, opmath_type(a));
      Tensor sum2 = sum.to(gpu());
      kernels::accumulate_weight_gradient(sum2, a.to(gpu()), b.to(gpu()));
      const Tensor right = 0.5 + at::mm(a.to(at::kDouble).t(), b.to(at::kDouble));
      // Tensor cores cut off their partial sums where others round.
      const double bound = type == at::kDouble ? 1e-13 : type == at::kFloat ? 4e-6 : 3e-5;
      expect_near(sum2, right, bound, "accumulate_weight_gradient");
    }
}

}  // namespace
}  // namespace film::testing

// Tiles against an explicit mask: every query length against all keys, forward and backward, in fp64.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "oracle.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;

// kinds: the tiles of a GPU (windows, sequences end to end) are computed on the CPU too, unfused.
struct Heads {
  std::int64_t query, key;
  TileKinds kinds = TileKinds::cpu;
};

double difference(const Tensor& a, const Tensor& b) {
  return ((a - b).abs().max() / (b.abs().max() + 1e-3)).item<double>();
}

struct Problem {
  Tensor q, k, v, dout;
};

Problem problem(const Heads& heads, std::int64_t Q, std::int64_t T) {
  at::manual_seed(9);
  constexpr std::int64_t H = 6;
  const auto random = [](std::int64_t R, std::int64_t N) { return at::randn({R, N, H}, at::kDouble); };
  return {random(Q, heads.query), random(T, heads.key), random(T, heads.key), random(Q, heads.query)};
}

// softmax(q k^T) v with a mask of 0 and 1, by autograd.
Tensor explicit_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& visible_QT) {
  const std::int64_t copies = q.size(1) / k.size(1);
  const Tensor keys = k.repeat_interleave(copies, 1), values = v.repeat_interleave(copies, 1);
  const Tensor scores = at::einsum("qnh,knh->nqk", {q, keys}) / std::sqrt(static_cast<double>(q.size(2)));
  const Tensor p = scores.masked_fill(visible_QT.logical_not().unsqueeze(0), -INFINITY).softmax(-1);
  return at::einsum("nqk,knh->qnh", {p, values});
}

void expect_equal(const Problem& x, const AttentionPlan& plan, const Tensor& visible_QT,
                  const std::string& what) {
  Tensor out = at::full_like(x.q, NAN), lse = at::full({x.q.size(0), x.q.size(1)}, NAN, at::kDouble);
  attention_forward(x.q, x.k, x.v, plan, out, lse);
  Tensor dq = at::full_like(x.q, NAN), dk = at::zeros_like(x.k), dv = at::zeros_like(x.v);
  attention_backward(x.dout, x.q, x.k, x.v, out, lse, plan, dq, dk, dv);
  const auto leaf = [](const Tensor& t) { return t.clone().set_requires_grad(true); };
  const Tensor q = leaf(x.q), k = leaf(x.k), v = leaf(x.v);
  const Tensor right = explicit_attention(q, k, v, visible_QT);
  const auto d = torch::autograd::grad({(right * x.dout).sum()}, {q, k, v});
  EXPECT_LT(difference(out, right), 1e-12) << what;
  EXPECT_LT(difference(dq, d[0]), 1e-11) << what;
  EXPECT_LT(difference(dk, d[1]), 1e-11) << what;
  EXPECT_LT(difference(dv, d[2]), 1e-11) << what;

  Tensor new_out, new_lse;
  attention_forward(x.q, x.k, x.v, plan, new_out, new_lse);
  EXPECT_TRUE(new_out.is_contiguous() && at::equal(new_out, out) && at::equal(new_lse, lse)) << what;
  const AttentionGradients g =
      attention_gradients(x.dout, x.q, at::cat({x.k, x.v}, 1), new_out, new_lse, plan);
  EXPECT_TRUE(at::equal(g.query_QNH, dq)) << what;
  EXPECT_TRUE(at::equal(g.key_value_TKH, at::cat({dk, dv}, 1))) << what;
}

class Attention : public ::testing::TestWithParam<Heads> {};

// One sequence of T rows of which the last Q, or Q scattered ones, are queries.
TEST_P(Attention, EveryQueryLengthAgainstAllKeys) {
  constexpr std::int64_t T = 400;
  for (const std::int64_t window : {0, 50})
    for (const std::int64_t Q : {std::int64_t{1}, std::int64_t{7}, std::int64_t{64}, T}) {
      batches::Pack pack;
      Random random(1, "rows");
      add_group(pack, random, 30, T - 10, {10}, 0);
      for (std::int64_t i = 0; i < Q; ++i) pack.loss_rows.push_back(Q == 7 ? 3 + 60 * i : T - Q + i);
      const Tensor rows = at::tensor(pack.loss_rows, at::kLong);
      const Tensor visible = oracle::visible(pack, window);
      const std::string what = std::to_string(Q) + " queries, window " + std::to_string(window);
      expect_equal(problem(GetParam(), Q, T), answer_rows_plan(pack, window, at::kDouble, GetParam().kinds),
                   visible.index_select(0, rows), what);
      if (Q == T)
        expect_equal(problem(GetParam(), T, T), attention_plan(pack, window, at::kDouble, GetParam().kinds),
                     visible, what + ", whole");
    }
}

// Packed sequences and shared contexts, continuations of one row, lengths around the sizes of
// tiles and blocks.
TEST_P(Attention, PackedAndShared) {
  const std::vector<std::vector<std::pair<std::int64_t, std::vector<std::int64_t>>>> layouts = {
      {{0, {1}}},        {{31, {1, 1, 1}}, {0, {33}}}, {{64, {32, 1, 31}}, {1, {1}}, {0, {5}}},
      {{255, {257, 1}}}, {{256, {256, 255}}},          {{3, {300, 290}}}};
  for (const std::int64_t window : {0, 40})
    for (const auto& layout : layouts) {
      batches::Pack pack;
      Random random(2, "rows");
      for (const auto& [context, continuations] : layout)
        add_group(pack, random, 30, context, continuations, 2);
      const Tensor visible = oracle::visible(pack, window);
      expect_equal(problem(GetParam(), pack.rows(), pack.rows()),
                   attention_plan(pack, window, at::kDouble, GetParam().kinds), visible, "all rows");
      const auto R = static_cast<std::int64_t>(pack.loss_rows.size());
      expect_equal(problem(GetParam(), R, pack.rows()),
                   answer_rows_plan(pack, window, at::kDouble, GetParam().kinds),
                   visible.index_select(0, at::tensor(pack.loss_rows, at::kLong)), "answer rows");
    }
}

INSTANTIATE_TEST_SUITE_P(GroupedQueries, Attention,
                         ::testing::Values(Heads{4, 4}, Heads{4, 2}, Heads{4, 1}, Heads{4, 4, TileKinds::gpu},
                                           Heads{4, 2, TileKinds::gpu}),
                         [](const auto& i) {
                           return "key_heads_" + std::to_string(i.param.key) +
                                  (i.param.kinds == TileKinds::gpu ? "_gpu" : "");
                         });

// What a GPU's plan is for: a packed batch of short sequences is one tile, a window is not a list of masks.
TEST(AttentionPlans, OfAGpuAreShort) {
  batches::Pack pack;
  Random random(4, "rows");
  for (int i = 0; i < 9; ++i) add_group(pack, random, 30, 20 + i, {5}, 2);
  const AttentionPlan plan = attention_plan(pack, 0, at::kBFloat16, TileKinds::gpu);
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].seqlens.size(), 9u);
  EXPECT_TRUE(at::equal(plan[0].cu_seqlens.narrow(0, 0, 3), at::tensor({0, 25, 51}, at::kInt)));
  batches::Pack shared;
  add_group(shared, random, 30, 400, {7, 9, 300}, 2);
  for (const std::int64_t window : {0, 64})
    for (const Tile& tile : attention_plan(shared, window, at::kBFloat16, TileKinds::gpu))
      EXPECT_FALSE(tile.mask.defined());
  EXPECT_LE(attention_plan(shared, 64, at::kBFloat16, TileKinds::gpu).size(), 6u);
}

// In the last layer too a GPU masks few keys: those of a whole context would be copied to fp32.
TEST(AttentionPlans, AGpusAnswerRowsMaskFewKeys) {
  Random random(4, "rows");
  batches::Pack one, several;
  add_group(one, random, 30, 3000, {20}, 3);
  add_group(several, random, 30, 3000, {20, 12, 30}, 2);
  for (const batches::Pack* pack : {&one, &several}) {
    const AttentionPlan plan = answer_rows_plan(*pack, 0, at::kBFloat16, TileKinds::gpu);
    EXPECT_LE(plan.size(), 2u);
    std::int64_t keys = 0;
    for (const Tile& tile : plan) {
      keys += tile.keys.length;
      if (tile.mask.defined()) EXPECT_LE(tile.keys.length, 62);
    }
    EXPECT_GE(keys, 3000);
  }
  EXPECT_EQ(answer_rows_plan(one, 0, at::kBFloat16, TileKinds::cpu).size(), 1u);
}

// A tile's own log-sum-exp in its backward is wrong: the softmax runs over the keys of all tiles.
TEST(AttentionMutants, PerTileLogSumExpGivesAnotherGradient) {
  batches::Pack pack;
  Random random(3, "rows");
  add_group(pack, random, 30, 20, {5, 6}, 2);
  const Problem x = problem({2, 1}, pack.rows(), pack.rows());
  const AttentionPlan plan = attention_plan(pack, 0, at::kDouble);
  Tensor out = at::empty_like(x.q), lse = at::empty({pack.rows(), 2}, at::kDouble);
  attention_forward(x.q, x.k, x.v, plan, out, lse);
  Tensor dq = at::empty_like(x.q), dk = at::zeros_like(x.k), dv = at::zeros_like(x.v);
  attention_backward(x.dout, x.q, x.k, x.v, out, lse, plan, dq, dk, dv);
  Tensor wrong_dk = at::zeros_like(dk), wrong_dv = at::zeros_like(dv);
  for (Tile tile : plan) {
    tile.first = true;
    Tensor own_out = at::zeros_like(out), own_lse = at::zeros_like(lse), own_dq = at::zeros_like(dq);
    attention_forward(x.q, x.k, x.v, {tile}, own_out, own_lse);
    attention_backward(x.dout, x.q, x.k, x.v, own_out, own_lse, {tile}, own_dq, wrong_dk, wrong_dv);
  }
  EXPECT_GT(difference(wrong_dk, dk), 0.01);
  EXPECT_GT(difference(wrong_dv, dv), 0.01);
}

}  // namespace
}  // namespace film::model

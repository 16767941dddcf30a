// The model on a GPU: every kind of tile against unfused scores in fp64, and whole passes against the CPU.
#include "../gpu.h"

#include <gtest/gtest.h>

#include "../../src/model/attention_tiles.h"
#include "oracle.h"
#include "poison.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;
using testing::gpu;
using testing::named;
using testing::random_model;
using testing::small_config;

// Relative; what should be 0 (the gradient of a query with one key) may be off by rounding.
double error(const Tensor& got, const Tensor& right) {
  const Tensor a = got.cpu().to(at::kDouble), b = right.cpu().to(at::kDouble);
  return ((a - b).norm() / b.norm().clamp_min(1e-3)).item<double>();
}

// Of a parameter's gradient after three layers in bf16, attention in one type here and in another there: 0.03 to 0.06 on a
// CPU. A wrong tile gives 1.
constexpr double kGradientsInBf16 = 0.15;

struct Case {
  std::string name;
  std::int64_t heads, key_heads, size;
  Tile tile;
};

Tile sequences_tile(const std::vector<std::int64_t>& runs, const at::Device& device) {
  std::vector<std::int32_t> cuts = {0};
  for (const std::int64_t run : runs) cuts.push_back(cuts.back() + static_cast<std::int32_t>(run));
  Tile tile{{0, cuts.back()}, {0, cuts.back()}, true};
  tile.seqlens = runs;
  tile.cu_seqlens = at::tensor(cuts, at::kInt).to(device);
  return tile;
}

std::vector<Case> cases(const at::Device& device) {
  std::vector<Case> list;
  for (const std::int64_t length : {1, 77, 300, 2048, 2304, 3072})  // the last three: cuDNN on Hopper
    list.push_back({"causal " + std::to_string(length), 8, 2, 128, {{0, length}, {0, length}, true}});
  for (const auto& [q, k] :
       {std::pair{1, 300}, {300, 77}, {64, 2048}, {2048, 4096}, {2304, 2048}})  // likewise
    list.push_back({"rectangle", 8, 2, 128, {{0, q}, {0, k}, false}});
  Tile window{{0, 700}, {0, 700}, true};
  window.window_left = 99;
  list.push_back({"window", 8, 2, 64, window});
  Tile behind{{0, 60}, {0, 500}, false};
  behind.window_left = 39;
  list.push_back({"window behind a context", 4, 4, 64, behind});
  list.push_back({"sequences", 8, 2, 128, sequences_tile({5, 300, 1, 77}, device)});
  list.push_back({"odd head", 4, 2, 6, {{0, 50}, {0, 50}, true}});
  Tile mask{{0, 40}, {0, 60}, false};
  mask.mask = at::zeros({40, 60}, at::device(device).dtype(at::kBFloat16));
  mask.mask.narrow(1, 30, 20).fill_(-std::numeric_limits<double>::infinity());
  list.push_back({"mask", 4, 2, 64, mask});
  return list;
}

// A tensor of the shape of x with the same numbers, laid out in several ways.
std::vector<Tensor> layouts(const Tensor& x) {
  const Tensor heads_first = x.transpose(0, 1).contiguous().transpose(0, 1);
  Tensor wide = at::empty({x.size(0) + 3, x.size(1), x.size(2)}, x.options());
  wide.narrow(0, 3, x.size(0)).copy_(x);
  return {x, heads_first.contiguous(), wide.narrow(0, 3, x.size(0))};
}

TEST(AttentionOnGpu, EveryTileInBf16) {
  FILM_NEEDS_GPU();
  at::manual_seed(1);
  for (const Case& c : cases(gpu())) {
    const auto random = [&](std::int64_t rows, std::int64_t heads) {
      return at::randn({rows, heads, c.size}).to(at::kBFloat16).to(gpu());
    };
    const Tensor q = random(c.tile.queries.length, c.heads), kv = random(c.tile.keys.length, 2 * c.key_heads),
                 k = kv.narrow(1, 0, c.key_heads), v = kv.narrow(1, c.key_heads, c.key_heads),
                 dout = random(c.tile.queries.length, c.heads);
    const auto exact = [](const Tensor& x) { return x.to(at::kDouble); };
    const TileOutput right = unfused_forward(exact(q), exact(k), exact(v), c.tile),
                     got = tile_forward(q, k, v, c.tile);
    EXPECT_LT(error(got.out_qNH, right.out_qNH), 0.01) << c.name;
    EXPECT_LT((got.lse_qN.to(at::kDouble) - right.lse_qN).abs().max().item<double>(), 0.01) << c.name;
    const TileGradients d =
        unfused_backward(exact(dout), exact(q), exact(k), exact(v), right.out_qNH, right.lse_qN, c.tile);
    const Tensor out = got.out_qNH.contiguous(), lse = got.lse_qN.contiguous();
    for (const Tensor& laid_out : layouts(dout)) {
      const TileGradients g = tile_backward(laid_out, q, k, v, out, lse, c.tile);
      EXPECT_LT(error(g.query_qNH, d.query_qNH), 0.02) << c.name;
      EXPECT_LT(error(g.key_kMH, d.key_kMH), 0.02) << c.name;
      EXPECT_LT(error(g.value_kMH, d.value_kMH), 0.02) << c.name;
    }
  }
}

// The ways that are meant are taken.
TEST(AttentionOnGpu, Backends) {
  FILM_NEEDS_GPU();
  const Tensor q = at::empty({2048, 8, 128}, at::device(gpu()).dtype(at::kBFloat16));
  Tile causal{{0, 2048}, {0, 2048}, true}, odd{{0, 2047}, {0, 2047}, true};
  const bool hopper = kernels::capability_major(gpu()) == 9;
  EXPECT_EQ(backend_of(q, causal), hopper ? TileBackend::cudnn : TileBackend::cuda_flash);
  EXPECT_EQ(backend_of(q.narrow(0, 0, 2047), odd), TileBackend::cuda_flash);
  EXPECT_EQ(backend_of(q, {{2048, 2048}, {0, 4096}, false}),
            hopper ? TileBackend::cudnn : TileBackend::cuda_flash);
  EXPECT_EQ(backend_of(q, {{2048, 2048}, {0, 4095}, false}), TileBackend::cuda_flash);
  EXPECT_EQ(backend_of(q.to(at::kFloat), causal), TileBackend::unfused);
}

// What no fused call takes is an error, not a square of scores in memory.
TEST(AttentionOnGpu, NeverTheSquare) {
  FILM_NEEDS_GPU();
  const Tensor q = at::empty({8192, 8, 128}, at::device(gpu()).dtype(at::kFloat));
  EXPECT_THROW(tile_forward(q, q, q, {{0, 8192}, {0, 8192}, true}), c10::Error);
}

class PassOnGpu : public ::testing::TestWithParam<at::ScalarType> {};

batches::Pack mixed_pack(const engine::ModelConfig& config) {
  batches::Pack pack;
  Random random(7, "pack");
  add_group(pack, random, config.vocab_size, 40, {9, 8, 1}, 4);
  add_group(pack, random, config.vocab_size, 0, {20}, 6);
  add_group(pack, random, config.vocab_size, 90, {3}, 2);
  return pack;
}

// The same passes here and there: all rows or answer rows, windows, tied, shared contexts, everything saved
// or nothing, with poisoned memory.
TEST_P(PassOnGpu, EqualsTheCpu) {
  FILM_NEEDS_GPU();
  const double bound = GetParam() == at::kDouble  ? 1e-9
                       : GetParam() == at::kFloat ? 1e-4
                                                  : 0.03,
               gradients = GetParam() == at::kBFloat16 ? kGradientsInBf16 : bound;
  for (const std::int64_t window : {0, 17})
    for (const bool tied : {false, true})
      for (const bool answer_rows : {true, false})
        for (const bool save : {true, false}) {
          const engine::ModelConfig config = small_config(4, 2, tied, window);
          const ModelTensors here = random_model(config, GetParam());
          ModelTensors there = empty_tensors(config, at::device(gpu()).dtype(GetParam()));
          const auto from = named(here, config), to = named(there, config);
          for (std::size_t i = 0; i < from.size(); ++i) Tensor(to[i].second).copy_(from[i].second);
          const batches::Pack pack = mixed_pack(config);
          const auto sums = GetParam() == at::kDouble ? at::kDouble : at::kFloat;
          ModelTensors right = zero_tensors(config, sums),
                       got = zero_tensors(config, at::device(gpu()).dtype(sums));
          const PackResult a = run_pack(config, here, pack, &right, {.answer_rows_only = answer_rows});
          const engine::ActivationSet saved{save, save, save, save};
          ActivationBuffers buffers(
              config, std::vector<engine::ActivationSet>(3, saved), pack.rows(),
              answer_rows ? static_cast<std::int64_t>(pack.loss_rows.size()) : pack.rows(),
              there.embedding_VD.options());
          const PackResult b =
              run_pack(config, there, pack, &got, testing::poisoned_pass(buffers, 3, answer_rows));
          EXPECT_NEAR(b.loss / a.loss, 1, bound);
          const auto x = named(got, config), y = named(right, config);
          for (std::size_t i = 0; i < x.size(); ++i)
            EXPECT_LT(error(x[i].second, y[i].second), gradients) << x[i].first << ", window " << window;
        }
}

// Heads of 64 in bf16: whole passes through cuDNN (a sequence and a context of 2,304 rows), through flash (another
// length, short sequences, a window) and through what merges them, against fp64 on the CPU.
TEST(LongPassOnGpu, EqualsTheCpu) {
  FILM_NEEDS_GPU();
  for (const std::int64_t window : {0, 700}) {
    engine::ModelConfig config = small_config(4, 2, false, window);
    config.head_dim = 64;
    const ModelTensors exact = random_model(config, at::kBFloat16);
    ModelTensors right_weights = empty_tensors(config, at::kDouble),
                 there = empty_tensors(config, at::device(gpu()).dtype(at::kBFloat16));
    const auto from = named(exact, config);
    for (const auto& list : {named(right_weights, config), named(there, config)})
      for (std::size_t i = 0; i < from.size(); ++i) Tensor(list[i].second).copy_(from[i].second);
    batches::Pack pack;
    Random random(11, "pack");
    add_group(pack, random, config.vocab_size, 2272, {32}, 5);
    add_group(pack, random, config.vocab_size, 2304, {40, 17, 9}, 4);
    add_group(pack, random, config.vocab_size, 2100, {31}, 3);
    add_group(pack, random, config.vocab_size, 300, {20}, 3);
    ModelTensors right = zero_tensors(config, at::kDouble),
                 got = zero_tensors(config, at::device(gpu()).dtype(at::kFloat));
    const PackResult a = run_pack(config, right_weights, pack, &right),
                     b = run_pack(config, there, pack, &got);
    EXPECT_NEAR(b.loss / a.loss, 1, 0.03) << "window " << window;
    const auto x = named(got, config), y = named(right, config);
    for (std::size_t i = 0; i < x.size(); ++i)
      EXPECT_LT(error(x[i].second, y[i].second), kGradientsInBf16) << x[i].first << ", window " << window;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, PassOnGpu, ::testing::Values(at::kDouble, at::kFloat, at::kBFloat16),
                         [](const auto& instance) { return std::string(c10::toString(instance.param)); });

}  // namespace
}  // namespace film::model

// The list of parameters over flat buffers: where each one is, who owns what, and what frozen ones cost.
#include "film/model/parameters.h"

#include <gtest/gtest.h>

#include "film/base/error.h"
#include "oracle.h"
#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;
using testing::random_model;
using testing::small_config;

TEST(ParameterList, HasViewsOfTheFlatBuffersInMemoryOrder) {
  for (const bool tied : {false, true}) {
    const engine::ModelConfig config = small_config(4, 2, tied);
    ModelTensors weights = random_model(config, at::kFloat), gradients = zero_tensors(config, at::kFloat);
    const ParameterList list(config, weights, gradients);
    EXPECT_EQ(list.elements(), weights.flat.numel());
    std::int64_t end = 0, elements = 0;
    for (const Parameter& p : list) {
      EXPECT_GE(p.range.begin, end) << p.name;
      EXPECT_EQ(p.range.length(), p.weight.numel()) << p.name;
      EXPECT_TRUE(at::equal(list.flat_weights(p.range), p.weight.reshape(-1))) << p.name;
      list.flat_gradients(p.range).fill_(static_cast<double>(p.range.begin));
      EXPECT_TRUE((p.gradient == static_cast<double>(p.range.begin)).all().item<bool>()) << p.name;
      EXPECT_EQ(p.gradient.sizes(), p.weight.sizes()) << p.name;
      end = p.range.end;
      elements += p.weight.numel();
    }
    EXPECT_EQ(elements, config.parameters());
    // Between two tensors there is nothing but zeros, and each tensor begins where vector
    // instructions like it.
    Tensor rest = weights.flat.clone();
    for (const Parameter& p : list) rest.narrow(0, p.range.begin, p.range.length()).zero_();
    EXPECT_EQ(rest.count_nonzero().item<std::int64_t>(), 0);
    for_each_tensor(weights, [](Tensor& x) { EXPECT_EQ(x.storage_offset() % kTensorAlignment, 0); });
  }
}

TEST(ParameterList, OwnedRangesPartitionTheBufferForAnyNumberOfRanks) {
  const engine::ModelConfig config = small_config();
  const ParameterList list(config, empty_tensors(config, at::kFloat));
  for (const int ranks : {1, 2, 3, 5, 8, 64, 1000}) {
    std::int64_t next = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      const Range owned = list.owned(rank, ranks);
      EXPECT_EQ(owned.begin, next);
      EXPECT_EQ(owned.begin % kTensorAlignment, 0);
      EXPECT_LE(owned.length(), list.owned(0, ranks).length());
      next = owned.end;
    }
    EXPECT_EQ(next, list.elements()) << ranks;
  }
  EXPECT_EQ(ParameterList().owned(1, 3), Range{});
}

TEST(ParameterList, GradientsOfAnotherModelAreRefused) {
  const engine::ModelConfig config = small_config();
  EXPECT_THROW(
      ParameterList(config, empty_tensors(config, at::kFloat), zero_tensors(small_config(4, 4), at::kFloat)),
      Error);
}

// Frozen layers, a frozen part of a fused tensor, norms, head or embedding: the other gradients are those of
// Torch's autograd over the trained tensors, and bitwise those of a pass that trains everything; nothing is
// computed for the rest.
TEST(TrainedGradients, EqualAutograd) {
  const std::pair<const char*, ParameterFilter> cases[] = {
      {"layers", [](const Parameter& p) { return p.name.starts_with("model.layers.2."); }},
      {"norms", [](const Parameter& p) { return p.kind == ParameterKind::norm; }},
      {"no norms", [](const Parameter& p) { return p.kind != ParameterKind::norm; }},
      {"values alone", [](const Parameter& p) { return p.name.find("v_proj") != std::string::npos; }},
      {"no embedding", [](const Parameter& p) { return p.kind != ParameterKind::embedding; }},
      {"head and embedding",
       [](const Parameter& p) {
         return p.kind == ParameterKind::head || p.kind == ParameterKind::embedding;
       }},
      {"nothing", [](const Parameter&) { return false; }}};
  for (const bool tied : {false, true}) {
    const engine::ModelConfig config = small_config(4, 2, tied);
    const ModelTensors weights = random_model(config, at::kDouble);
    batches::Pack pack;
    Random random(7, "pack");
    add_group(pack, random, config.vocab_size, 12, {4, 3, 6}, 2);
    add_group(pack, random, config.vocab_size, 0, {9}, 3);
    ModelTensors all = zero_tensors(config, at::kDouble);
    run_pack(config, weights, pack, &all);
    for (const auto& [name, is_trained] : cases) {
      const ModelTensors memory = zero_tensors(config, at::kDouble);
      ParameterList list(config, weights, memory);
      list.train_only(is_trained);
      ModelTensors trained = trained_gradients(memory, list);
      run_pack(config, weights, pack, &trained);

      ModelTensors leaves = weights;
      std::vector<Tensor> inputs, got, whole;
      std::vector<bool> wanted;
      for_each_tensor(trained, [&](Tensor& x) {
        wanted.push_back(x.defined());
        if (x.defined()) got.push_back(x);
      });
      std::size_t i = 0;
      for_each_tensor(all, [&](Tensor& x) {
        if (wanted[i++]) whole.push_back(x);
      });
      i = 0;
      for_each_tensor(leaves, [&](Tensor& x) {
        x = x.detach().clone().set_requires_grad(wanted[i]);
        if (wanted[i++]) inputs.push_back(x);
      });
      for (std::size_t k = 0; k < got.size(); ++k)
        EXPECT_TRUE(at::equal(got[k], whole[k])) << name << " " << k;
      if (inputs.empty()) continue;
      const auto expected = torch::autograd::grad({oracle::loss(config, leaves, pack)}, inputs);
      for (std::size_t k = 0; k < got.size(); ++k)
        EXPECT_LT(((got[k] - expected[k]).abs().max() / (expected[k].abs().max() + 1e-30)).item<double>(),
                  1e-10)
            << name << " " << k;
    }
  }
}

}  // namespace
}  // namespace film::model

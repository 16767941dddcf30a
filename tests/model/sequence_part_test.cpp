// What ranks that compute a pack together exchange: how often, and numbers in the order of ranks.
#include "film/model/sequence_part.h"

#include <gtest/gtest.h>

#include "random_model.h"

namespace film::model {
namespace {

using testing::add_group;
using testing::random_model;
using testing::small_config;

// One rank that has all rows: everything goes to itself.
struct Counted {
  std::size_t swaps = 0;
  SequencePart part{0, 1, [this](const Tensor& in, const RowCounts&, const Tensor& out, const RowCounts&) {
                      ++swaps;
                      out.view(-1).copy_(in.view(-1));
                    }};
};

// docs/clusters.md: nine exchanges in each layer, three more where attention is computed again, one of results in a pass.
TEST(SequencePart, ExchangesOfAPass) {
  const engine::ModelConfig config = small_config();
  const ModelTensors weights = random_model(config, at::kDouble);
  batches::Pack pack;
  Random random(4, "pack");
  add_group(pack, random, config.vocab_size, 20, {4, 6}, 2);
  add_group(pack, random, config.vocab_size, 9, {3}, 1);
  const engine::ActivationSet all{}, none{false, false, false, false}, attention{false, true, false, false},
      but_attention{true, false, true, true};
  using Sets = std::vector<engine::ActivationSet>;
  for (const auto& [saved, again] : {std::pair{Sets{all, all, all}, 0u},
                                     {Sets{attention, attention, attention}, 0u},
                                     {Sets{none, none, none}, 3u},
                                     {Sets{all, but_attention, attention}, 1u},
                                     {Sets{none, all, but_attention}, 2u}}) {
    ActivationBuffers buffers(config, saved, pack.rows(), static_cast<std::int64_t>(pack.loss_rows.size()),
                              at::kDouble);
    ModelTensors gradients = zero_tensors(config, at::kDouble), alone = zero_tensors(config, at::kDouble);
    Counted counted;
    const PackResult result =
        run_pack(config, weights, pack, &gradients, {.activations = &buffers, .sequence = &counted.part});
    EXPECT_EQ(counted.swaps, 9 * saved.size() + 3 * again + 1);
    const PackResult whole = run_pack(config, weights, pack, &alone);
    EXPECT_EQ(result.loss, whole.loss);
    EXPECT_EQ(result.row_correct, whole.row_correct);
    EXPECT_TRUE(at::allclose(gradients.flat, alone.flat));
  }
}

// Of three ranks that have two numbers, none and one; this is the first and the last of them.
TEST(SequencePart, NumbersOfAllComeInTheOrderOfRanks) {
  const RowCounts counts{2, 0, 1};
  const std::vector<double> all{0.1, -7, 1e-300};
  for (const int rank : {0, 1, 2}) {
    const std::int64_t begin = sum_of(counts, rank), count = counts[static_cast<std::size_t>(rank)];
    const std::vector<double> own(all.begin() + begin, all.begin() + begin + count);
    const SequencePart part{
        rank, 3,
        [&](const Tensor& in, const RowCounts& in_parts, const Tensor& out, const RowCounts& out_parts) {
          EXPECT_EQ(in_parts, RowCounts(3, count));
          EXPECT_EQ(out_parts, counts);
          EXPECT_TRUE(in.equal(at::tensor(own, at::kDouble).repeat({3})));
          out.copy_(at::tensor(all, at::kDouble));
        }};
    EXPECT_EQ(numbers_of_all(part, own, counts, at::kCPU), all);
  }
}

}  // namespace
}  // namespace film::model

#pragma once
// Shared by the tests of checkpoints: folders that go away, and masters of every kind of number.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "../support/stored_tensors.h"
#include "../support/temp_folder.h"
#include "film/base/random.h"
#include "film/checkpoint/checkpoint.h"
#include "film/kernels/kernels.h"

namespace film::testing_checkpoint {

using at::Tensor;

using support::TempFolder;

// Any finite bits: large, small, subnormal, of both signs; each third lies halfway between two bf16 numbers.
inline void fill_bits(const Tensor& x, std::uint32_t seed) {
  auto* bits = reinterpret_cast<std::uint32_t*>(x.mutable_data_ptr<float>());
  at::parallel_for(0, x.numel(), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      std::uint32_t u = (static_cast<std::uint32_t>(i) + seed) * 2654435761u;
      u ^= u >> 15;
      u *= 2246822519u;
      if (i % 3 == 0) u = (u & 0xffff0000u) | 0x8000u;
      bits[i] = u & 0xbfffffffu;  // below 2: finite, also when rounded
    }
  });
}

// The same parameters as they are held in training: whole, or split.
struct Masters {
  Masters(const engine::ModelConfig& config, std::uint32_t seed)
      : whole(model::empty_tensors(config, at::kFloat)),
        high(model::empty_tensors(config, at::kBFloat16)),
        low(model::empty_tensors(config, at::kShort)) {
    const checkpoint::NamedTensors masters = testing::named_tensors(whole, config),
                                   highs = testing::named_tensors(high, config),
                                   lows = testing::named_tensors(low, config);
    for (std::size_t i = 0; i < masters.size(); ++i) {
      Tensor weight = highs[i].second, remainder = lows[i].second;
      fill_bits(masters[i].second, seed + static_cast<std::uint32_t>(i));
      kernels::split_master(masters[i].second, weight, remainder);
    }
  }
  model::ModelTensors whole, high, low;
};

inline bool same_bits(const checkpoint::NamedTensors& a, const checkpoint::NamedTensors& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].first != b[i].first || !a[i].second.view(at::kByte).equal(b[i].second.view(at::kByte)))
      return false;
  return true;
}

inline engine::ModelConfig small_config(bool tied = false) {
  engine::ModelConfig config;
  config.vocab_size = 40;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 4;
  config.num_key_value_heads = 2;
  config.head_dim = 4;
  config.tie_word_embeddings = tied;
  return config;
}

}  // namespace film::testing_checkpoint

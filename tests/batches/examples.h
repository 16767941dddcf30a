#pragma once
// Random examples for tests of packing.
#include "film/base/random.h"
#include "film/batches/encode.h"

namespace film::testing {

// 1 to 20 examples with contexts of up to `longest_context` tokens (some have none) and 1 to 4 pairs. Every
// token is another one, so that each can be traced.
inline std::vector<batches::EncodedExample> random_examples(std::uint64_t seed,
                                                            std::uint64_t longest_context) {
  Random random(seed, "examples");
  std::vector<batches::EncodedExample> examples(1 + random.below(20));
  text::TokenId next = 1;  // 0 is the id of pad rows
  const auto ids = [&](std::uint64_t n) {
    text::TokenIds list;
    for (std::uint64_t i = 0; i < n; ++i) list.push_back(next++);
    return list;
  };
  for (batches::EncodedExample& example : examples) {
    if (random.below(5) > 0) example.context = ids(random.below(longest_context + 1));
    for (std::uint64_t p = 1 + random.below(4); p > 0; --p)
      example.pairs.push_back({ids(1 + random.below(6)), ids(1 + random.below(6))});
  }
  return examples;
}

}  // namespace film::testing

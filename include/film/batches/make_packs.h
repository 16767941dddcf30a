#pragma once
// The examples of one training step -> packs of at most `budget` rows, with the weight of every answer token.
#include <string>

#include "film/batches/encode.h"
#include "film/batches/pack.h"

namespace film {

// How answer tokens are weighed; the weights of a step sum to 1 whatever the packing.
//   sample: mean over pairs of each pair's mean over its answer tokens.
//   token:  mean over all answer tokens.
enum class LossWeighting { sample, token };
LossWeighting loss_weighting(const std::string& name);  // throws config_error

struct PackOptions {
  std::int64_t budget = 32768;  // rows of a pack; a longer example stands alone
  LossWeighting weighting = LossWeighting::sample;
  bool share_context = true;  // false: a context is repeated for each of its pairs
};

std::vector<Pack> make_packs(const std::vector<EncodedExample>& step, const PackOptions& options);

}  // namespace film

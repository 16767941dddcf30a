#include "sampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace film::generation {
namespace {

// exp((logit - highest) / temperature): probabilities but for one factor.
std::vector<double> weights_of(std::span<const float> logits, double temperature) {
  const double highest = *std::ranges::max_element(logits);
  std::vector<double> weights;
  weights.reserve(logits.size());
  for (const float logit : logits) weights.push_back(std::exp((logit - highest) / temperature));
  return weights;
}

// The ids that may be drawn: all, or the most likely ones; equal ones by id.
std::vector<std::size_t> candidates(const std::vector<double>& weights, double top_p) {
  std::vector<std::size_t> ids(weights.size());
  std::iota(ids.begin(), ids.end(), std::size_t{0});
  if (top_p >= 1) return ids;
  std::ranges::stable_sort(ids, std::ranges::greater{}, [&](std::size_t id) { return weights[id]; });
  const double wanted = top_p * std::accumulate(weights.begin(), weights.end(), 0.0);
  double held = 0;
  std::size_t count = 0;
  while (count < ids.size() && held < wanted) held += weights[ids[count++]];
  ids.resize(count);
  return ids;
}

}  // namespace

text::TokenId sample(std::span<const float> logits, const engine::Sampling& sampling, Random& random) {
  const std::vector<double> weights = weights_of(logits, sampling.temperature);
  const std::vector<std::size_t> ids = candidates(weights, sampling.top_p);
  double mass = 0;
  for (const std::size_t id : ids) mass += weights[id];
  double left = random.uniform() * mass;
  std::size_t drawn = ids.front();
  for (const std::size_t id : ids) {
    if (weights[id] == 0) continue;
    drawn = id;  // the last of them where rounding leaves a rest
    left -= weights[id];
    if (left < 0) break;
  }
  return static_cast<text::TokenId>(drawn);
}

}  // namespace film::generation

// Which packs of a step each of several processes computes.
#include <algorithm>
#include <numeric>

#include "film/batches/plan_packs.h"

namespace film::batches {
namespace {

std::vector<std::size_t> costliest_first(const std::vector<PackPlan>& packs) {
  std::vector<std::size_t> order(packs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return packs[i].cost; });
  return order;
}

}  // namespace

std::vector<std::vector<std::size_t>> share_packs(const std::vector<PackPlan>& packs, int teams) {
  std::vector<std::vector<std::size_t>> shares(static_cast<std::size_t>(teams));
  std::vector<double> costs(shares.size(), 0);
  for (const std::size_t pack : costliest_first(packs)) {
    const auto least = std::ranges::min_element(costs);
    *least += packs[pack].cost;
    shares[static_cast<std::size_t>(least - costs.begin())].push_back(pack);
  }
  for (auto& share : shares) std::ranges::sort(share);
  return shares;
}

std::vector<std::vector<std::size_t>> share_packs_in_step(const std::vector<PackPlan>& packs, int teams) {
  std::vector<std::vector<std::size_t>> shares(static_cast<std::size_t>(teams));
  const std::vector<std::size_t> order = costliest_first(packs);
  for (std::size_t i = 0; i < order.size(); ++i) shares[i % shares.size()].push_back(order[i]);
  return shares;
}

}  // namespace film::batches

// Which packs of a step each of several processes computes.
#include <algorithm>
#include <numeric>

#include "film/batches/plan_packs.h"

namespace film::batches {

std::vector<std::vector<std::size_t>> share_packs(const std::vector<PackPlan>& packs, int ranks) {
  std::vector<std::size_t> costliest_first(packs.size());
  std::iota(costliest_first.begin(), costliest_first.end(), std::size_t{0});
  std::ranges::stable_sort(costliest_first, std::greater{}, [&](std::size_t i) { return packs[i].cost; });
  std::vector<std::vector<std::size_t>> shares(static_cast<std::size_t>(ranks));
  std::vector<double> costs(shares.size(), 0);
  for (const std::size_t pack : costliest_first) {
    const auto least = std::ranges::min_element(costs);
    *least += packs[pack].cost;
    shares[static_cast<std::size_t>(least - costs.begin())].push_back(pack);
  }
  for (auto& share : shares) std::ranges::sort(share);
  return shares;
}

}  // namespace film::batches

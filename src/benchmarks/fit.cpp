#include "fit.h"

#include <algorithm>

namespace film::benchmarks {
namespace {

struct Tried {
  std::size_t n = 0;
  std::uint64_t cost = 0;
};

// Where a straight line through both meets the limit.
std::size_t between(const Tried& fits, const Tried& over, std::uint64_t limit) {
  const double share = static_cast<double>(limit - fits.cost) / static_cast<double>(over.cost - fits.cost);
  return fits.n + static_cast<std::size_t>(share * static_cast<double>(over.n - fits.n));
}

}  // namespace

std::optional<std::size_t> largest_fit(std::size_t least, std::size_t most, std::size_t guess,
                                       std::uint64_t limit,
                                       const std::function<std::uint64_t(std::size_t)>& cost) {
  Tried fits{least, cost(least)};
  if (fits.cost > limit) return {};
  std::optional<Tried> over;
  std::size_t next = guess;
  for (int calls = 1; fits.n < most && !(over && over->n == fits.n + 1); ++calls) {
    next = std::clamp(next, fits.n + 1, over ? over->n - 1 : most);
    const Tried tried{next, cost(next)};
    if (tried.cost <= limit)
      fits = tried;
    else
      over = tried;
    constexpr int kHalve = 3;  // every third call, where the line is a bad guess
    if (!over)
      next = 2 * fits.n + 1;
    else
      next = calls % kHalve == 0 ? fits.n + (over->n - fits.n) / 2 : between(fits, *over, limit);
  }
  return fits.n;
}

}  // namespace film::benchmarks

#pragma once
// 95 % confidence intervals. All values are in the unit of the input.
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace film::scores {

// Standard errors on either side of a 95 % interval: the 97.5 % point of the normal distribution.
inline constexpr double kNormalReach = 1.959963984540054;

struct Interval {
  double low = 0, high = 0;
};

// Wilson's score interval for a share p (0..1) seen in n trials; n may be an effective number. {0,1} when n
// is 0. E. B. Wilson, JASA 22 (1927); coverage: Brown, Cai, DasGupta, Statistical Science 16 (2001).
Interval wilson(double p, double n);

// Counts of a paired 2 x 2 table; may be fractions of an effective number.
struct PairedCounts {
  double both = 0, only_before = 0, only_after = 0, neither = 0;
};
// The difference of two paired shares, after - before, by Newcombe's hybrid score method with
// continuity-corrected correlation (method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 2635).
// Unlike a bootstrap it has a width where all pairs agree. {-1,1} without pairs.
Interval paired_difference(const PairedCounts& counts);

// Percentile bootstrap of the mean of `values`; deterministic by (seed, purpose).
Interval bootstrap_mean(std::span<const double> values, std::uint32_t resamples, std::uint64_t seed,
                        std::string_view purpose);

// Quantile q (0..1) of a sample by linear interpolation between order statistics (type 7). Not of
// an empty one.
double quantile(std::vector<double> values, double q);

}  // namespace film::scores

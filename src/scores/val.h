#pragma once
// VaL Probing's own arithmetic (microsoft/FILM, VaLProbing/plot.py), to reproduce published numbers.
#include <cstdint>
#include <optional>
#include <vector>

namespace film::scores {

struct ValSummary {
  double average = 0;             // mean of the span means, 0..100
  double gap = 0;                 // highest minus lowest span mean
  std::vector<double> spans;      // 0..100, each the mean over sets of the set's mean
  std::vector<double> deviation;  // population standard deviation over sets, per span
};

// Row i is question i % per_set of set i / per_set, asked about slot i % per_set; nullopt = skipped. Spans of
// `span` slots. With `plot_compat` the last slot of every span is left out, as plot.py does by an off-by-one.
// A span in which a set has no row leaves that set out. Values are 0..1.
ValSummary val_summary(const std::vector<std::optional<double>>& rows, std::uint32_t per_set,
                       std::uint32_t span = 50, bool plot_compat = false);

}  // namespace film::scores

#pragma once
// Private to the module: how even contexts are: histograms of lengths and evidence positions for the
// manifest, with chi-square numbers.
#include <cstdint>
#include <vector>

#include "film/contexts/settings.h"
#include "film/corpus/index.h"
#include "film/records/synth_facts.h"

namespace film::contexts {

// Chance by Wilson and Hilferty's approximation.
ChiSquare chi_square(const std::vector<double>& observed, const std::vector<double>& expected);

// Counts as contexts are made, in order of id. Positions and lengths of kind short are not counted: there order and
// length are the document's own.
class ContextStatistics {
 public:
  // Keeps a reference to `index`.
  ContextStatistics(const ContextSettings& settings, const corpus::CorpusIndex& index);
  void add(const Context& context);
  ContextFacts facts() const;

 private:
  void add_positions(const Context& context);
  LengthHistogram lengths() const;

  const ContextSettings settings_;
  const corpus::CorpusIndex& index_;
  ContextFacts facts_;  // counts are up to date
  std::vector<std::uint32_t> lengths_;
  std::uint64_t deviation_sum_ = 0, deviation_max_ = 0;
};

}  // namespace film::contexts

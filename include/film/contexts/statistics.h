#pragma once
// How even contexts are: histograms of lengths and evidence positions for the manifest, with chi-square
// numbers.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "film/contexts/settings.h"
#include "film/corpus/build.h"
#include "film/records/records.h"

namespace film::contexts {

// Pearson's statistic over bins with an expected count above 0; p = chance of a larger one if the expectation
// holds (Wilson and Hilferty's approximation).
struct ChiSquare {
  double statistic = 0;
  std::uint32_t degrees = 0;
  double p = 1;
};
ChiSquare chi_square(const std::vector<double>& observed, const std::vector<double>& expected);
Json to_json(const ChiSquare& test);

// Counts as contexts are made, in order of id. Positions and lengths of kind short are not counted: there
// order and length are the document's own.
class ContextStatistics {
 public:
  // Keeps a reference to `index`.
  ContextStatistics(const ContextSettings& settings, const corpus::CorpusIndex& index);
  void add(const Context& context);
  Json facts() const;

 private:
  struct Counts {
    std::uint64_t contexts = 0, tokens = 0, questions = 0;
  };
  void add_positions(const Context& context);
  Json lengths() const;
  Json deviation() const;

  const ContextSettings settings_;
  const corpus::CorpusIndex& index_;
  Counts all_;
  std::map<std::string, Counts> by_split_, by_kind_;
  std::vector<std::uint32_t> lengths_;
  std::vector<double> slots_, expected_slots_, offsets_;
  std::uint64_t deviation_sum_ = 0, deviation_max_ = 0;
};

}  // namespace film::contexts

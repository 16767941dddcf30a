#pragma once
// Differences between any two of several models, and which of them are more than chance.
#include <cstdint>
#include <string>

#include "film/base/json_fields.h"

namespace film {

// `second` minus `first` on the questions that both answered: the plain mean in points. Questions about one context count
// as one unit: the interval resamples contexts, and p flips the signs of their sums.
struct PairDifference {
  std::string task, first, second;           // labels of the models
  std::uint64_t count = 0, contexts = 0;     // questions; units
  double difference = 0, low = 0, high = 0;  // 95 % interval
  double p = 1, corrected = 1;               // two-sided; corrected over all pairs and tasks (Holm)
  bool is_real() const { return corrected < 0.05; }

  template <class Self, class Visitor>
  static void fields(Self& pair, Visitor& visit) {
    visit("task", pair.task);
    visit("first", pair.first);
    visit("second", pair.second);
    visit("count", pair.count);
    visit("contexts", pair.contexts);
    visit("difference", pair.difference);
    visit("low", pair.low);
    visit("high", pair.high);
    visit("p", pair.p);
    visit("p_corrected", pair.corrected);
  }
};

FILM_DECLARE_JSON(PairDifference);

}  // namespace film

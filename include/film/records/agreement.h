#pragma once
// How far the verdicts of a judge agree with those of people.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

// Of the answers on which both a person and the judge gave a verdict.
struct Agreement {
  std::string task, model;  // that were judged; an empty model: of all models together
  std::uint64_t count = 0;
  std::uint64_t without = 0;             // answers on which the judge gave no verdict, and a person did
  double agreed = 0, low = 0, high = 0;  // same verdicts in per cent, with Wilson's 95 % interval
  double kappa = 0;                      // Cohen's, -1 to 1
  double kappa_low = 0, kappa_high = 0;  // 95 %
  std::vector<std::string> words;        // the rubric's verdicts
  std::vector<std::vector<std::uint64_t>> table;  // [person's verdict][judge's verdict], as `words`

  template <class Self, class Visitor>
  static void fields(Self& agreement, Visitor& visit) {
    visit("task", agreement.task);
    visit("model", agreement.model);
    visit("count", agreement.count);
    visit("without", agreement.without);
    visit("agreed", agreement.agreed);
    visit("low", agreement.low);
    visit("high", agreement.high);
    visit("kappa", agreement.kappa);
    visit("kappa_low", agreement.kappa_low);
    visit("kappa_high", agreement.kappa_high);
    visit("words", agreement.words);
    visit("table", agreement.table);
  }
};

FILM_DECLARE_JSON(Agreement);

}  // namespace film

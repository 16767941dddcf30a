#pragma once
// Scores by the length of the context, as benchmarks of lengths report them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

struct LengthRow {
  std::uint32_t tokens = 0;  // the length that was asked for
  std::uint64_t count = 0;
  double mean = 0, low = 0, high = 0;  // 0..100, 95 % interval
  bool passes = false;                 // the mean is at least the threshold

  template <class Self, class Visitor>
  static void fields(Self& row, Visitor& visit) {
    visit("tokens", row.tokens);
    visit("count", row.count);
    visit("mean", row.mean);
    visit("low", row.low);
    visit("high", row.high);
    visit("passes", row.passes);
  }
};

// One model on one benchmark.
struct LengthTable {
  std::string benchmark, model;
  std::vector<std::string> tasks;        // that it was made of
  std::vector<LengthRow> rows;           // ascending
  std::optional<double> base = {};       // NoLiMa: the score of short contexts
  std::optional<double> threshold = {};  // of passing; absent where there is no base score
  std::uint32_t effective = 0;           // the longest length that passes; 0: none
  std::optional<double> average = {}, longer = {},
                        shorter = {};  // RULER: over lengths; weighted towards the longer, the shorter ones
  std::string remark = {};             // what is not as published; may be empty

  template <class Self, class Visitor>
  static void fields(Self& table, Visitor& visit) {
    visit("benchmark", table.benchmark);
    visit("model", table.model);
    visit("tasks", table.tasks);
    visit("rows", table.rows);
    visit("base", table.base);
    visit("threshold", table.threshold);
    visit("effective", table.effective);
    visit("average", table.average);
    visit("longer", table.longer);
    visit("shorter", table.shorter);
    visit("remark", table.remark);
  }
};

FILM_DECLARE_JSON(LengthTable);

}  // namespace film

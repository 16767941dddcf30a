#pragma once
// What an evaluation writes: answers of a model, scores of a task, and the comparison of two models.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

// A model's output for one question of one task.
struct Prediction {
  std::string task;
  std::string id;           // unique in the task
  std::string output;       // what the model wrote
  std::string expected;     // the reference answer
  double position = 0;      // depth of the evidence in the context, 0 = start, 1 = end
  std::uint32_t slot = 0;   // evidence slot (segment number in the context), from 0
  std::uint32_t slots = 0;  // slots in the context
  double score = 0;         // by the task's metric, 0..1

  template <class Self, class Visitor>
  static void fields(Self& prediction, Visitor& visit) {
    visit("task", prediction.task);
    visit("id", prediction.id);
    visit("output", prediction.output);
    visit("expected", prediction.expected);
    visit("position", prediction.position);
    visit("slot", prediction.slot);
    visit("slots", prediction.slots);
    visit("score", prediction.score);
  }
};

// The mean over the predictions of one position bin, with a confidence interval.
struct PositionScore {
  double begin = 0, end = 0;  // bin of relative depth
  std::uint64_t count = 0;
  double mean = 0;           // 0..100
  double low = 0, high = 0;  // 95 % interval, 0..100

  template <class Self, class Visitor>
  static void fields(Self& bin, Visitor& visit) {
    visit("begin", bin.begin);
    visit("end", bin.end);
    visit("count", bin.count);
    visit("mean", bin.mean);
    visit("low", bin.low);
    visit("high", bin.high);
  }
};

// What a task measured on one model.
struct Score {
  std::string task;     // "in2", "document", "code", "database", ...
  std::string metric;   // "exact match", "word recall", ...
  std::string pattern;  // "forward", "backward", "bi-directional" or empty
  std::uint64_t count = 0;
  double average = 0;  // mean over position bins, 0..100 (paper section 3.2: Avg)
  double low = 0, high = 0;
  double gap = 0;  // max - min over position bins (paper: Gap)
  std::vector<PositionScore> positions;
  Json notes = Json::object();  // {"extractive":true,...}: shown in the report

  template <class Self, class Visitor>
  static void fields(Self& score, Visitor& visit) {
    visit("task", score.task);
    visit("metric", score.metric);
    visit("pattern", score.pattern);
    visit("count", score.count);
    visit("average", score.average);
    visit("low", score.low);
    visit("high", score.high);
    visit("gap", score.gap);
    visit("positions", score.positions);
    visit.if_present("notes", score.notes);
  }
};

// What changed between two models on the same items: `after` minus `before`, percentage points, 95 % intervals:
// Newcombe's paired score interval for scores of 0 and 1, a paired bootstrap for fractional scores and for the gap.
struct Comparison {
  std::string task, metric;
  std::string before, after;                             // labels of the two models
  std::uint64_t count = 0;                               // items that both answered
  std::uint64_t better = 0, worse = 0;                   // items with a higher, with a lower score after
  double difference = 0, low = 0, high = 0;              // of the average
  double gap_difference = 0, gap_low = 0, gap_high = 0;  // of the gap; below 0 = flatter
  std::vector<PositionScore> positions;                  // mean, low, high are differences

  template <class Self, class Visitor>
  static void fields(Self& comparison, Visitor& visit) {
    visit("task", comparison.task);
    visit("metric", comparison.metric);
    visit("before", comparison.before);
    visit("after", comparison.after);
    visit("count", comparison.count);
    visit("better", comparison.better);
    visit("worse", comparison.worse);
    visit("difference", comparison.difference);
    visit("low", comparison.low);
    visit("high", comparison.high);
    visit("gap_difference", comparison.gap_difference);
    visit("gap_low", comparison.gap_low);
    visit("gap_high", comparison.gap_high);
    visit("positions", comparison.positions);
  }
};

FILM_DECLARE_JSON(Prediction);
FILM_DECLARE_JSON(Score);
FILM_DECLARE_JSON(Comparison);

}  // namespace film

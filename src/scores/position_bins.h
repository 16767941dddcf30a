#pragma once
// Shared by summary.cpp and compare.cpp: which bin an item belongs to, and means over bins.
#include <cstdint>
#include <vector>

#include "film/records/scores.h"
#include "film/scores/settings.h"
#include "film/tasks/task.h"

namespace film::scores {

constexpr std::uint32_t kValSpan = 50;  // slots in one of VaL's spans

class PositionBins {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  // span 0: `count` bins of equal width in depth; else spans of `span` slots out of `slots`.
  PositionBins(std::size_t count, std::uint32_t span, std::uint32_t slots, bool drop_last);
  std::size_t count() const { return count_; }
  double begin(std::size_t bin) const;
  double end(std::size_t bin) const;
  std::size_t of(const EvidenceSlot& slot) const;  // kNone: left out of VaL's spans

 private:
  std::size_t count_;
  std::uint32_t span_, slots_;
  bool drop_last_;
};

// Whether every item of the task has a position: only then there is a curve.
bool has_positions(const tasks::Task& task);

// One bin for a task without positions.
PositionBins position_bins(const tasks::Task& task, const Settings& settings);

// An item with the score of its prediction.
struct Scored {
  const tasks::Item* item;
  std::size_t context;
  double score;
  EvidenceSlot slot() const { return item->evidence.value_or(EvidenceSlot{0, 1}); }
};
// In the order of the task; predictions without an item, those that are not scored, and items without a prediction are
// left out.
std::vector<Scored> match(const tasks::Task& task, const std::vector<Prediction>& predictions);

double mean(const std::vector<double>& values);

struct AverageAndGap {
  double average = 0, gap = 0;
};
AverageAndGap average_and_gap(const std::vector<std::vector<double>>& bins);  // empty bins do not count

// notes["plain_mean"]: over all items, whatever their position.
void add_plain_mean(Score& score, const std::vector<Scored>& items);

}  // namespace film::scores

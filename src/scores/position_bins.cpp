#include "position_bins.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace film::scores {

PositionBins::PositionBins(std::size_t count, std::uint32_t span, std::uint32_t slots, bool drop_last)
    : count_(span == 0 ? count : (slots + span - 1) / span),
      span_(span),
      slots_(slots),
      drop_last_(drop_last) {}

double PositionBins::begin(std::size_t bin) const {
  const auto b = static_cast<double>(bin);
  return span_ == 0 ? b / static_cast<double>(count_) : b * span_ / slots_;
}

double PositionBins::end(std::size_t bin) const { return bin + 1 == count_ ? 1 : begin(bin + 1); }

std::size_t PositionBins::of(const EvidenceSlot& at) const {
  if (span_ > 0) return drop_last_ && at.slot % span_ == span_ - 1 ? kNone : at.slot / span_;
  // (slot + 1/2) / slots * count in integers: no rounding can move a slot across a border.
  const std::size_t bin =
      (2 * static_cast<std::size_t>(at.slot) + 1) * count_ / (2 * static_cast<std::size_t>(at.slots));
  return std::min(bin, count_ - 1);
}

bool has_positions(const tasks::Task& task) {
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items)
      if (!item.evidence) return false;
  return task.item_count() > 0;
}

PositionBins position_bins(const tasks::Task& task, const Settings& settings) {
  if (!has_positions(task)) return {1, 0, 1, false};
  std::uint32_t slots = 1;
  for (const tasks::ContextItems& context : task.contexts)
    for (const tasks::Item& item : context.items) slots = std::max(slots, item.evidence->slots);
  const bool spans = settings.aggregation != Aggregation::bins;
  return {settings.bins, spans ? kValSpan : 0, slots, settings.aggregation == Aggregation::val_plot};
}

std::vector<Scored> match(const tasks::Task& task, const std::vector<Prediction>& predictions) {
  std::unordered_map<std::string, double> scores;
  for (const Prediction& prediction : predictions)
    if (prediction.is_scored()) scores.emplace(prediction.id, prediction.score);
  std::vector<Scored> matched;
  for (std::size_t c = 0; c < task.contexts.size(); ++c)
    for (const tasks::Item& item : task.contexts[c].items)
      if (const auto found = scores.find(item.id); found != scores.end())
        matched.push_back({&item, c, found->second});
  return matched;
}

double mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

AverageAndGap average_and_gap(const std::vector<std::vector<double>>& bins) {
  std::vector<double> means;
  for (const auto& values : bins)
    if (!values.empty()) means.push_back(mean(values));
  if (means.empty()) return {};
  const auto [least, most] = std::minmax_element(means.begin(), means.end());
  return {mean(means), *most - *least};
}

void add_plain_mean(Score& score, const std::vector<Scored>& items) {
  double sum = 0;
  for (const Scored& item : items) sum += item.score;
  if (!items.empty()) score.notes["plain_mean"] = 100 * sum / static_cast<double>(items.size());
}

}  // namespace film::scores

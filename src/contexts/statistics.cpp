#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace film::contexts {
namespace {

constexpr std::uint32_t kBins = 16;

std::size_t bin_of(double fraction, std::size_t bins) {
  return std::min(bins - 1, static_cast<std::size_t>(fraction * static_cast<double>(bins)));
}

// Slot s of n lies at relative depth (s + 1/2) / n.
std::size_t slot_bin(std::uint64_t slot, std::uint64_t slots, std::uint64_t bins) {
  return static_cast<std::size_t>((2 * slot + 1) * bins / (2 * slots));
}

}  // namespace

ChiSquare chi_square(const std::vector<double>& observed, const std::vector<double>& expected) {
  ChiSquare test;
  std::uint32_t bins = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] <= 0) continue;
    ++bins;
    test.statistic += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
  }
  if (bins < 2) return test;
  test.degrees = bins - 1;
  const double d = test.degrees, spread = 2 / (9 * d);
  const double z = (std::cbrt(test.statistic / d) - (1 - spread)) / std::sqrt(spread);
  test.p = 0.5 * std::erfc(z / std::numbers::sqrt2);
  return test;
}

ContextStatistics::ContextStatistics(const ContextSettings& settings, const corpus::CorpusIndex& index)
    : settings_(settings), index_(index) {
  const std::size_t bins = settings.segments > 0 && settings.segments < kBins ? settings.segments : kBins;
  facts_.slots.counts.resize(bins);
  facts_.slots.expected.resize(bins);
  facts_.offsets.counts.resize(bins);
  if (settings.twins > 0) facts_.twins = TwinFacts{settings.twins, 0};
  if (settings.fillers.graded()) facts_.fillers = FillerFacts{name_of(settings.fillers.grade), 0, 0};
}

void ContextStatistics::add(const Context& context) {
  ContextCounts& by_split = facts_.by_split[name_of(context.split)];
  ContextCounts& by_kind = facts_.by_kind[name_of(context.kind)];
  for (ContextCounts* counts : {&facts_.all, &by_split, &by_kind}) {
    ++counts->contexts;
    counts->tokens += context.tokens;
    counts->questions += context.evidence.size();
  }
  if (context.twin_of) {
    ++facts_.twins->count;
    return;
  }
  if (context.kind == ContextKind::short_text) return;
  if (facts_.fillers) {
    facts_.fillers->alike += context.alike.value_or(0);
    facts_.fillers->count += context.segments.size() - context.evidence.size();
  }
  lengths_.push_back(context.tokens);
  add_positions(context);
  if (context.target_tokens == 0) return;
  const auto deviation = static_cast<std::uint64_t>(
      std::abs(static_cast<std::int64_t>(context.tokens) - static_cast<std::int64_t>(context.target_tokens)));
  deviation_sum_ += deviation;
  deviation_max_ = std::max(deviation_max_, deviation);
}

void ContextStatistics::add_positions(const Context& context) {
  SlotHistogram& by_slot = facts_.slots;
  std::vector<double>& offsets = facts_.offsets.counts;
  const std::size_t slots = context.segments.size(), bins = by_slot.counts.size();
  const double expected = static_cast<double>(context.evidence.size()) / static_cast<double>(slots);
  for (std::size_t s = 0; s < slots; ++s) by_slot.expected[slot_bin(s, slots, bins)] += expected;
  std::uint64_t offset = 0;
  std::size_t next = 0;
  for (std::size_t s = 0; s < slots && next < context.evidence.size(); ++s) {
    if (context.evidence[next] == s) {
      by_slot.counts[slot_bin(s, slots, bins)] += 1;
      offsets[bin_of(static_cast<double>(offset) / context.tokens, bins)] += 1;
      ++next;
    }
    offset += index_.tokens[context.segments[s]] + 1;
  }
}

LengthHistogram ContextStatistics::lengths() const {
  const auto [least, most] = std::ranges::minmax(lengths_);
  const bool targeted = settings_.segments == 0;
  LengthHistogram lengths;
  lengths.low = targeted ? settings_.target.min : least;
  lengths.high = targeted ? settings_.target.max : most;
  lengths.shortest = least;
  lengths.longest = most;
  lengths.counts.resize(kBins);
  for (const std::uint32_t length : lengths_)
    ++lengths.counts[bin_of((length - lengths.low) / (lengths.high - lengths.low + 1), kBins)];
  const std::vector<double> expected(kBins, static_cast<double>(lengths_.size()) / kBins);
  if (targeted) lengths.chi_square = chi_square(lengths.counts, expected);
  return lengths;
}

ContextFacts ContextStatistics::facts() const {
  ContextFacts facts = facts_;
  if (!lengths_.empty()) facts.lengths = lengths();
  if (settings_.segments == 0)
    facts.target_deviation = {
        static_cast<double>(deviation_sum_) / static_cast<double>(std::max<std::size_t>(1, lengths_.size())),
        deviation_max_};
  if (settings_.position_weights.empty())
    facts.slots.chi_square = chi_square(facts.slots.counts, facts.slots.expected);
  else
    facts.slots.expected.clear();
  return facts;
}

}  // namespace film::contexts

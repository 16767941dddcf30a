#include "film/contexts/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace film::contexts {
namespace {

constexpr std::uint32_t kBins = 16;

std::size_t bin_of(double share, std::size_t bins) {
  return std::min(bins - 1, static_cast<std::size_t>(share * static_cast<double>(bins)));
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

Json to_json(const ChiSquare& test) {
  return {{"statistic", test.statistic}, {"degrees", test.degrees}, {"p", test.p}};
}

ContextStatistics::ContextStatistics(const ContextSettings& settings, const corpus::CorpusIndex& index)
    : settings_(settings), index_(index) {
  const std::size_t bins = settings.segments > 0 && settings.segments < kBins ? settings.segments : kBins;
  slots_.resize(bins);
  expected_slots_.resize(bins);
  offsets_.resize(bins);
}

void ContextStatistics::add(const Context& context) {
  for (Counts* counts : {&all_, &by_split_[context.split], &by_kind_[to_text(context.kind)]}) {
    ++counts->contexts;
    counts->tokens += context.tokens;
    counts->questions += context.evidence.size();
  }
  if (context.kind == ContextKind::short_text) return;
  lengths_.push_back(context.tokens);
  add_positions(context);
  if (context.target_tokens == 0) return;
  const auto deviation = static_cast<std::uint64_t>(
      std::abs(static_cast<std::int64_t>(context.tokens) - static_cast<std::int64_t>(context.target_tokens)));
  deviation_sum_ += deviation;
  deviation_max_ = std::max(deviation_max_, deviation);
}

void ContextStatistics::add_positions(const Context& context) {
  const std::size_t slots = context.segments.size();
  const double share = static_cast<double>(context.evidence.size()) / static_cast<double>(slots);
  for (std::size_t s = 0; s < slots; ++s) expected_slots_[slot_bin(s, slots, slots_.size())] += share;
  std::uint64_t offset = 0;
  std::size_t next = 0;
  for (std::size_t s = 0; s < slots && next < context.evidence.size(); ++s) {
    if (context.evidence[next] == s) {
      slots_[slot_bin(s, slots, slots_.size())] += 1;
      offsets_[bin_of(static_cast<double>(offset) / context.tokens, offsets_.size())] += 1;
      ++next;
    }
    offset += index_.tokens[context.segments[s]] + 1;
  }
}

Json ContextStatistics::lengths() const {
  if (lengths_.empty()) return Json::object();
  const auto [least, most] = std::ranges::minmax(lengths_);
  const bool targeted = settings_.segments == 0;
  const double low = targeted ? settings_.target.min : least, high = targeted ? settings_.target.max : most;
  std::vector<double> counts(kBins), expected(kBins, static_cast<double>(lengths_.size()) / kBins);
  for (const std::uint32_t length : lengths_) ++counts[bin_of((length - low) / (high - low + 1), kBins)];
  Json result = {{"low", low}, {"high", high}, {"shortest", least}, {"longest", most}, {"counts", counts}};
  if (targeted) result["chi_square"] = to_json(chi_square(counts, expected));
  return result;
}

Json ContextStatistics::deviation() const {
  return {{"mean", static_cast<double>(deviation_sum_) /
                       static_cast<double>(std::max<std::size_t>(1, lengths_.size()))},
          {"max", deviation_max_}};
}

Json ContextStatistics::facts() const {
  const auto json = [](const Counts& c) {
    return Json{{"contexts", c.contexts}, {"tokens", c.tokens}, {"questions", c.questions}};
  };
  Json facts = json(all_);
  for (const auto& [name, counts] : by_split_) facts["by_split"][name] = json(counts);
  for (const auto& [name, counts] : by_kind_) facts["by_kind"][name] = json(counts);
  facts["lengths"] = lengths();
  if (settings_.segments == 0) facts["target_deviation"] = deviation();
  facts["slots"] = {{"counts", slots_},
                    {"expected", expected_slots_},
                    {"chi_square", to_json(chi_square(slots_, expected_slots_))}};
  facts["offsets"] = {{"counts", offsets_}};
  return facts;
}

}  // namespace film::contexts

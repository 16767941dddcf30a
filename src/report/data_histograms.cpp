// Histograms out of what film synth says about a DATA folder.
#include <fmt/format.h>

#include <cmath>

#include "film/report/report.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string evenness(const ChiSquare& test) {
  return fmt::format("Chi-square {} with {} degrees of freedom, p = {}.", fixed(test.statistic, 1),
                     test.degrees, fixed(test.p, 3));
}

Histogram made(const std::string& name, const std::string& title, const std::string& axis,
               const std::vector<double>& counts, double low, double high) {
  Histogram h{name, title, axis, "", {}, {}};
  for (const double count : counts) h.counts.push_back(static_cast<std::uint64_t>(std::llround(count)));
  const double width = counts.empty() ? 0 : (high - low) / static_cast<double>(counts.size());
  for (std::size_t i = 0; i <= counts.size(); ++i) h.edges.push_back(low + width * static_cast<double>(i));
  return h;
}

Histogram lengths_of(const LengthHistogram& lengths, const std::string& title) {
  Histogram h = made("context_length", title, "tokens", lengths.counts, lengths.low, lengths.high + 1);
  if (lengths.chi_square) h.note = evenness(*lengths.chi_square);
  return h;
}

Histogram slots_of(const SlotHistogram& slots, const std::string& title) {
  Histogram h = made("evidence_slot", title, "depth in the context, % of its segments", slots.counts, 0, 100);
  h.note = evenness(slots.chi_square);
  if (slots.expected.size() == slots.counts.size() && !slots.expected.empty()) {
    h.expected = slots.expected;
    h.note = "Dashed: every slot equally likely. " + h.note;
  }
  return h;
}

}  // namespace

std::vector<Histogram> data_histograms(const SynthFacts& facts, const std::string& prefix) {
  std::vector<Histogram> list;
  const auto add = [&](Histogram histogram) {
    histogram.name = file_name(prefix + histogram.name);
    if (!histogram.counts.empty()) list.push_back(std::move(histogram));
  };
  const ContextFacts& contexts = facts.contexts;
  if (contexts.lengths) add(lengths_of(*contexts.lengths, prefix + "Context length"));
  add(slots_of(contexts.slots, prefix + "Evidence by slot"));
  add(made("evidence_offset", prefix + "Evidence by token", "depth in the context, % of its tokens",
           contexts.offsets.counts, 0, 100));
  return list;
}

}  // namespace film::report

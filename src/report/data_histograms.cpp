// Histograms out of what film synth says about a DATA folder.
#include <cctype>
#include <cmath>

#include "film/records/evenness.h"
#include "film/report/report.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string with_capital(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string without_capital(std::string text) {
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

// "Even: chi-square 4.2 with 15 degrees of freedom, p = 0.997."
std::string judgement(const std::string& verdict, const std::optional<ChiSquare>& test) {
  return with_capital(verdict) + (test ? ": " + test_numbers(*test) : "") + ".";
}

Histogram made(const std::string& name, const std::string& title, const std::string& axis,
               const std::vector<double>& counts, double low, double high) {
  Histogram h{name, title, axis, "", {}, {}};
  for (const double count : counts) h.counts.push_back(static_cast<std::uint64_t>(std::llround(count)));
  const double width = counts.empty() ? 0 : (high - low) / static_cast<double>(counts.size());
  for (std::size_t i = 0; i <= counts.size(); ++i) h.edges.push_back(low + width * static_cast<double>(i));
  return h;
}

Histogram lengths_of(const LengthHistogram& lengths, double segment) {
  Histogram h =
      made("context_length", "Context length", "tokens", lengths.counts, lengths.low, lengths.high + 1);
  if (lengths.chi_square) h.note = judgement(length_verdict(lengths, segment), lengths.chi_square);
  return h;
}

Histogram slots_of(const SlotHistogram& slots) {
  Histogram h = made("evidence_slot", "Evidence by slot", "depth in the context, % of its segments",
                     slots.counts, 0, 100);
  h.note = judgement(slot_verdict(slots), slots.chi_square);
  if (slots.expected.size() == slots.counts.size() && !slots.expected.empty()) {
    h.expected = slots.expected;
    h.note = "Dashed: every slot equally likely. " + h.note;
  }
  return h;
}

Histogram offsets_of(const OffsetHistogram& offsets) {
  Histogram h = made("evidence_offset", "Evidence by token", "depth in the context, % of its tokens",
                     offsets.counts, 0, 100);
  h.note =
      "Where the evidence begins: the last segment begins before the end of its context, so the end holds "
      "fewer.";
  return h;
}

}  // namespace

std::vector<Histogram> data_histograms(const SynthFacts& facts, const std::string& folder) {
  std::vector<Histogram> list;
  const auto add = [&](Histogram histogram) {
    if (histogram.counts.empty()) return;
    if (!folder.empty()) {
      histogram.name = folder + "_" + histogram.name;
      histogram.title = folder + ": " + without_capital(histogram.title);
    }
    histogram.name = file_name(histogram.name);
    list.push_back(std::move(histogram));
  };
  const ContextFacts& contexts = facts.contexts;
  if (contexts.lengths) add(lengths_of(*contexts.lengths, facts.corpus.segment_tokens.mean));
  add(slots_of(contexts.slots));
  add(offsets_of(contexts.offsets));
  return list;
}

}  // namespace film::report

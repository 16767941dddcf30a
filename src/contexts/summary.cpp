#include "film/contexts/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/format.h"
#include "film/records/evenness.h"

namespace film::contexts {
namespace {

constexpr int kBarCells = 40;

std::string corpus_row(const std::string& name, const CorpusCounts& counts) {
  return fmt::format("{:<12}{:>12}{:>14}{:>16}{:>12}\n", name, grouped(counts.documents),
                     grouped(counts.segments), grouped(counts.tokens), grouped(counts.planted));
}

std::string corpus_table(CorpusFacts corpus) {
  std::string text =
      fmt::format("{:<12}{:>12}{:>14}{:>16}{:>12}\n", "split", "documents", "segments", "tokens", "needles");
  for (const Split split : kSplits) text += corpus_row(name_of(split), corpus.by_split[split]);
  text += corpus_row("all", corpus.all);
  const SegmentTokens& tokens = corpus.segment_tokens;
  text += fmt::format("segments hold {:.1f} tokens on average, {} to {}\n", tokens.mean,
                      grouped(tokens.shortest), grouped(tokens.longest));
  for (const auto& [reason, count] : corpus.rejected)
    text += fmt::format("rejected: {:<20}{:>10}\n", reason, grouped(count));
  return text;
}

std::string context_row(const std::string& name, const ContextCounts& counts) {
  return fmt::format("{:<14}{:>12}{:>18}{:>14}{:>14}\n", name, grouped(counts.contexts),
                     grouped(counts.tokens), grouped(counts.questions),
                     grouped(counts.tokens / std::max<std::uint64_t>(1, counts.contexts)));
}

std::string context_table(const ContextFacts& contexts) {
  std::string text = fmt::format("{:<14}{:>12}{:>18}{:>14}{:>14}\n", "", "contexts", "tokens", "to ask about",
                                 "tokens each");
  for (const auto& [name, counts] : contexts.by_split) text += context_row(name, counts);
  for (const auto& [name, counts] : contexts.by_kind) text += context_row(name, counts);
  text += context_row("all", contexts.all);
  if (contexts.target_deviation)
    text += fmt::format("lengths miss their target by {:.1f} tokens on average, {} at most\n",
                        contexts.target_deviation->mean, grouped(contexts.target_deviation->max));
  if (contexts.twins)
    text += fmt::format(
        "of these {} are twins without evidence, for {} unanswerable questions to one with an answer\n",
        grouped(contexts.twins->count), contexts.twins->share);
  if (contexts.fillers)
    text += fmt::format("fillers of grade {}: {} of {}; the rest is random\n", contexts.fillers->grade,
                        grouped(contexts.fillers->alike), grouped(contexts.fillers->count));
  return text;
}

std::string histogram(const std::vector<double>& counts, const std::vector<std::string>& labels) {
  const double most = std::max(1.0, *std::ranges::max_element(counts));
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += fmt::format("  {:>15} {:>10} {}\n", labels[i], grouped(static_cast<std::uint64_t>(counts[i])),
                        bar(counts[i] / most, kBarCells));
  return text;
}

// ": even", and on the next line the numbers behind it
std::string judgement(const std::optional<ChiSquare>& test, const std::string& verdict) {
  return ": " + verdict + (test ? "\n(" + test_numbers(*test) + ")" : "");
}

std::string length_bars(const LengthHistogram& lengths, double segment) {
  const double bins = static_cast<double>(lengths.counts.size());
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < lengths.counts.size(); ++i) {
    const double begin = lengths.low + (lengths.high + 1 - lengths.low) / bins * static_cast<double>(i);
    labels.push_back("from " + grouped(static_cast<std::uint64_t>(begin)));
  }
  const std::string verdict =
      lengths.chi_square ? judgement(lengths.chi_square, length_verdict(lengths, segment)) : "";
  return "\nContext lengths in tokens" + verdict + "\n" + histogram(lengths.counts, labels);
}

std::string slot_bars(const SlotHistogram& slots) {
  if (std::ranges::all_of(slots.counts, [](double count) { return count == 0; })) return "";
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < slots.counts.size(); ++i)
    labels.push_back(
        fmt::format("{:.0f} %", 100.0 * static_cast<double>(i) / static_cast<double>(slots.counts.size())));
  return "\nEvidence slots by depth in the context" + judgement(slots.chi_square, slot_verdict(slots)) +
         "\n" + histogram(slots.counts, labels);
}

}  // namespace

std::string synth_summary(const SynthFacts& facts) {
  std::string text = corpus_table(facts.corpus) + "\n" + context_table(facts.contexts);
  const auto& lengths = facts.contexts.lengths;
  if (lengths && facts.contexts.all.contexts < lengths->counts.size())
    return text + "\n(too few contexts for a histogram of their lengths)\n";
  if (lengths && !lengths->counts.empty()) text += length_bars(*lengths, facts.corpus.segment_tokens.mean);
  return text + slot_bars(facts.contexts.slots);
}

}  // namespace film::contexts

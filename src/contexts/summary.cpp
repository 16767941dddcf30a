#include <fmt/format.h>

#include <algorithm>

#include "film/base/progress.h"
#include "film/contexts/synth.h"

namespace film::contexts {
namespace {

constexpr int kBarCells = 40;

std::string bar(double share) {
  std::string text;
  for (int i = 0; i < static_cast<int>(share * kBarCells + 0.5); ++i) text += "█";
  return text;
}

std::string number(const Json& value) { return grouped(value.get<std::uint64_t>()); }

std::string corpus_table(const Json& corpus) {
  std::string text =
      fmt::format("{:<12}{:>12}{:>14}{:>16}{:>12}\n", "split", "documents", "segments", "tokens", "planted");
  const auto row = [&](const std::string& name, const Json& counts) {
    text +=
        fmt::format("{:<12}{:>12}{:>14}{:>16}{:>12}\n", name, number(counts.at("documents")),
                    number(counts.at("segments")), number(counts.at("tokens")), number(counts.at("planted")));
  };
  for (const auto& [name, counts] : corpus.at("by_split").items()) row(name, counts);
  row("all", corpus);
  const Json& lengths = corpus.at("segment_tokens");
  text += fmt::format("segments hold {:.1f} tokens on average, {} to {}\n", lengths.at("mean").get<double>(),
                      number(lengths.at("shortest")), number(lengths.at("longest")));
  for (const auto& [reason, count] : corpus.at("rejected").items())
    text += fmt::format("rejected: {:<20}{:>10}\n", reason, number(count));
  return text;
}

std::string context_table(const Json& contexts) {
  std::string text =
      fmt::format("{:<14}{:>12}{:>18}{:>12}{:>14}\n", "", "contexts", "tokens", "questions", "tokens each");
  const auto row = [&](const std::string& name, const Json& counts) {
    const auto n = std::max<std::uint64_t>(1, counts.at("contexts").get<std::uint64_t>());
    text += fmt::format("{:<14}{:>12}{:>18}{:>12}{:>14}\n", name, number(counts.at("contexts")),
                        number(counts.at("tokens")), number(counts.at("questions")),
                        grouped(counts.at("tokens").get<std::uint64_t>() / n));
  };
  for (const char* group : {"by_split", "by_kind"})
    for (const auto& [name, counts] : contexts.at(group).items()) row(name, counts);
  row("all", contexts);
  return text;
}

std::string histogram(const std::vector<double>& counts, const std::vector<std::string>& labels) {
  const double most = std::max(1.0, *std::ranges::max_element(counts));
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += fmt::format("  {:>15} {:>10} {}\n", labels[i], grouped(static_cast<std::uint64_t>(counts[i])),
                        bar(counts[i] / most));
  return text;
}

std::string evenness(const Json& holder) {
  if (!holder.contains("chi_square")) return "\n";
  const Json& test = holder.at("chi_square");
  return fmt::format(" (even? chi-square {:.1f} with {} degrees of freedom, p = {:.2f})\n",
                     test.at("statistic").get<double>(), test.at("degrees").get<int>(),
                     test.at("p").get<double>());
}

std::string length_bars(const Json& lengths) {
  if (lengths.empty()) return "";
  const auto counts = lengths.at("counts").get<std::vector<double>>();
  const double low = lengths.at("low").get<double>();
  const double width = (lengths.at("high").get<double>() + 1 - low) / static_cast<double>(counts.size());
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < counts.size(); ++i)
    labels.push_back("from " + grouped(static_cast<std::uint64_t>(low + width * static_cast<double>(i))));
  return "\nContext lengths in tokens" + evenness(lengths) + histogram(counts, labels);
}

std::string slot_bars(const Json& slots) {
  const auto counts = slots.at("counts").get<std::vector<double>>();
  if (std::ranges::all_of(counts, [](double count) { return count == 0; })) return "";
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < counts.size(); ++i)
    labels.push_back(
        fmt::format("{:.0f} %", 100.0 * static_cast<double>(i) / static_cast<double>(counts.size())));
  return "\nEvidence slots by depth in the context" + evenness(slots) + histogram(counts, labels);
}

}  // namespace

std::string synth_summary(const Json& manifest) {
  const Json& contexts = manifest.at("contexts");
  std::string text = corpus_table(manifest.at("corpus")) + "\n" + context_table(contexts);
  if (contexts.contains("target_deviation"))
    text += fmt::format("lengths miss their target by {:.1f} tokens on average, {} at most\n",
                        contexts.at("target_deviation").at("mean").get<double>(),
                        number(contexts.at("target_deviation").at("max")));
  return text + length_bars(contexts.at("lengths")) + slot_bars(contexts.at("slots"));
}

}  // namespace film::contexts

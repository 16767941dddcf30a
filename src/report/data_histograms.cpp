// Histograms out of what film synth writes into manifest.json under "contexts".
#include <fmt/format.h>

#include <cmath>

#include "film/report/report.h"
#include "numbers.h"

namespace film::report {
namespace {

const Json* find(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? nullptr : &*found;
}

std::vector<double> numbers(const Json& object, const char* key) {
  std::vector<double> values;
  const Json* list = find(object, key);
  if (list == nullptr || !list->is_array()) return values;
  for (const Json& value : *list)
    if (value.is_number()) values.push_back(value.get<double>());
  return values;
}

std::string evenness(const Json& object) {
  const Json* test = find(object, "chi_square");
  if (test == nullptr || !test->is_object()) return "";
  return fmt::format("Chi-square {} with {} degrees of freedom, p = {}.",
                     fixed(test->value("statistic", 0.0), 1), test->value("degrees", 0),
                     fixed(test->value("p", 1.0), 3));
}

Histogram made(const std::string& name, const std::string& title, const std::string& axis, const Json& object,
               double low, double high) {
  Histogram h{name, title, axis, evenness(object), {}, {}, numbers(object, "expected")};
  for (const double count : numbers(object, "counts"))
    h.counts.push_back(static_cast<std::uint64_t>(std::llround(count)));
  const double width = h.counts.empty() ? 0 : (high - low) / static_cast<double>(h.counts.size());
  for (std::size_t i = 0; i <= h.counts.size(); ++i) h.edges.push_back(low + width * static_cast<double>(i));
  if (h.expected.size() != h.counts.size()) h.expected.clear();
  if (!h.expected.empty()) h.note = "Dashed: every slot equally likely. " + h.note;
  return h;
}

}  // namespace

std::vector<Histogram> data_histograms(const Json& manifest, const std::string& prefix) {
  std::vector<Histogram> list;
  const Json* contexts = find(manifest, "contexts");
  if (contexts == nullptr) return list;
  const auto add = [&](Histogram histogram) {
    histogram.name = file_name(prefix + histogram.name);
    if (!histogram.counts.empty()) list.push_back(std::move(histogram));
  };
  if (const Json* lengths = find(*contexts, "lengths"))
    add(made("context_length", prefix + "Context length", "tokens", *lengths, lengths->value("low", 0.0),
             lengths->value("high", 0.0) + 1));
  if (const Json* slots = find(*contexts, "slots"))
    add(made("evidence_slot", prefix + "Evidence by slot", "depth in the context, % of its segments", *slots,
             0, 100));
  if (const Json* offsets = find(*contexts, "offsets"))
    add(made("evidence_offset", prefix + "Evidence by token", "depth in the context, % of its tokens",
             *offsets, 0, 100));
  return list;
}

}  // namespace film::report

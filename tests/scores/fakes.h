#pragma once
// Hand-made probes and models that answer them in a known way.
#include <fmt/format.h>

#include <functional>

#include "film/records/records.h"
#include "film/scores/answerer.h"
#include "film/scores/probe.h"

namespace film::testing {

inline scores::Probe made_probe(std::uint32_t contexts, std::uint32_t slots,
                                const std::string& metric = "exact match") {
  scores::Probe probe;
  probe.task = "made";
  probe.metric = metric;
  for (std::uint32_t c = 0; c < contexts; ++c) {
    scores::ProbeContext context;
    for (std::uint32_t s = 0; s < slots; ++s) {
      context.pieces.push_back(fmt::format("fact {} of context {}", s, c));
      context.items.push_back({fmt::format("{:04}-{:05}", c, s),
                               fmt::format("what is {}?", s),
                               {fmt::format("word {}", s)},
                               s,
                               slots});
    }
    probe.contexts.push_back(std::move(context));
  }
  return probe;
}

// Answers by a function; counts its calls and fails before call number `fail_at`, as a crash would.
class FakeAnswerer : public scores::Answerer {
 public:
  explicit FakeAnswerer(std::function<std::string(const scores::ProbeItem&)> reply)
      : reply_(std::move(reply)) {}
  std::vector<std::string> answer(const scores::ProbeContext&, std::span<const scores::ProbeItem> items,
                                  int) override {
    if (calls++ == fail_at) throw std::runtime_error("crash");
    std::vector<std::string> answers;
    for (const scores::ProbeItem& item : items) answers.push_back(reply_(item)), ++asked;
    return answers;
  }
  std::string describe() const override { return "fake"; }
  int calls = 0, asked = 0, fail_at = -1;

 private:
  std::function<std::string(const scores::ProbeItem&)> reply_;
};

inline std::vector<Prediction> predictions(const scores::Probe& probe,
                                           const std::function<double(const scores::ProbeItem&)>& score) {
  std::vector<Prediction> result;
  for (const scores::ProbeContext& context : probe.contexts)
    for (const scores::ProbeItem& item : context.items)
      result.push_back(
          {probe.task, item.id, "", item.expected[0], item.depth(), item.slot, item.slots, score(item)});
  return result;
}

}  // namespace film::testing

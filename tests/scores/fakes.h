#pragma once
// Hand-made probes and models that answer them in a known way.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "film/answers/answerer.h"
#include "film/records/records.h"
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
class FakeAnswerer : public answers::Answerer {
 public:
  explicit FakeAnswerer(std::function<std::string(const scores::ProbeItem&)> reply)
      : reply_(std::move(reply)) {}
  std::vector<answers::Answer> answer(std::span<const answers::Request> requests,
                                      const answers::Decoding&) override {
    if (calls++ == fail_at) throw std::runtime_error("crash");
    std::vector<answers::Answer> given;
    for (const answers::Request& request : requests) given.push_back({.text = reply_(item_of(request))});
    asked += static_cast<int>(requests.size());
    return given;
  }
  std::string describe() const override { return "fake"; }
  int calls = 0, asked = 0, fail_at = -1;

 private:
  // The item of made_probe that a request asks.
  static scores::ProbeItem item_of(const answers::Request& request) {
    const std::string slot = request.question.substr(8, request.question.size() - 9);  // "what is 7?"
    const auto lines = std::ranges::count(request.context->text, '\n') + 1;
    scores::ProbeItem item;
    item.question = request.question;
    item.expected = {"word " + slot};
    item.slot = static_cast<std::uint32_t>(std::stoul(slot));
    item.slots = static_cast<std::uint32_t>(lines);
    return item;
  }

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

#pragma once
// What a probe asks: contexts, the questions on each, and where the evidence of every question stands.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "film/base/json.h"
#include "film/text/tokenizer.h"

namespace film::scores {

// One question. `id` is "<context>-<slot>", zero-padded, unique in the probe and ascending in asking order.
struct ProbeItem {
  std::string id;
  std::string question;
  std::vector<std::string> expected;  // accepted answers, the first is the one shown; never empty
  std::uint32_t slot = 0,
                slots = 0;  // piece of the context that holds the evidence, and how many pieces there are
  double depth() const { return slots == 0 ? 0 : (slot + 0.5) / slots; }  // centre of the slot, 0..1
};

// A context with its questions. Text is `pieces` joined by '\n'; `ids`, where not empty, are the same context
// already encoded (as a continuation of a line break) and are preferred by models that run here.
struct ProbeContext {
  std::vector<std::string> pieces;
  text::TokenIds ids;
  std::vector<ProbeItem> items;  // ascending by slot
  std::string text() const;
};

struct Probe {
  std::string task;    // a row of tasks()
  std::string metric;  // a row of metrics()
  std::string
      pattern;  // where the answer stands seen from what is quoted: "forward", "backward", "bi-directional"
  int max_new_tokens = 64;
  std::vector<ProbeContext> contexts;
  Json notes = Json::object();  // source, counts of what was left out and why; copied into the Score

  std::uint64_t item_count() const;
};

// Tokens of one line of a context with the line break behind it. Sums of it bound the length of a context.
using LineTokens = std::function<std::uint32_t(std::string_view line)>;
LineTokens line_tokens(const text::Tokenizer& tokenizer);

}  // namespace film::scores

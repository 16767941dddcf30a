#pragma once
// Private to the module: drawing contexts (paper section 2.1): evidence, random fillers of other documents up
// to a length, shuffled.
#include <cstdint>
#include <vector>

#include "draw_plan.h"
#include "film/records/records.h"

namespace film::contexts {

// Which context is to be drawn. `number` counts within the split.
struct ContextTask {
  std::uint64_t id = 0;
  std::uint64_t number = 0;
  Split split = Split::train;
  ContextKind kind = ContextKind::fine_grained;
  bool twin = false;     // of the context with this `number`: without its evidence
  std::uint64_t of = 0;  // of a twin: the id of that context
};

// Every context by id: those of train, validation and test, and behind them the twins of some of train, spread evenly.
std::vector<ContextTask> plan_tasks(const ContextSettings& settings);

// Draws each context from (seed, id) alone, so contexts may be drawn in any order and by any number of threads.
//   fine_grained: evidence = segments of different documents, one each; every document of the split is used once
//     before any is used again. integration: all segments of a document. Both: fillers are segments of other
//     documents of the split, random or like the evidence (contexts.fillers), without repetition, until the target length is met as closely as 16 tries allow (or the
//     exact number of segments is there); then all are shuffled, so every slot is equally likely.
//   A twin is the context that it is of, with a filler in the slot of each evidence segment.
//   short: a whole document in its own order, evidence drawn from its segments.
// A context holds at most one needle of an attribute.
class ContextSampler {
 public:
  // As DrawPlan.
  ContextSampler(const corpus::CorpusIndex& index, const ContextSettings& settings,
                 std::uint32_t newline_tokens, std::uint64_t seed, const GradedInput* graded = nullptr)
      : plan_(index, settings, newline_tokens, seed, graded) {}
  // Throws config_error when the split runs out of segments that fit.
  Context draw(const ContextTask& task) const;

 private:
  DrawPlan plan_;
};

// The kinds of `count` contexts: by weight, exact to one at every prefix.
std::vector<ContextKind> plan_kinds(const KindWeights& weights, std::uint64_t count);

}  // namespace film::contexts

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
};

// Draws each context from (seed, id) alone, so contexts may be drawn in any order and by any number of threads.
//   fine_grained: evidence = segments of different documents, one each; every document of the split is used once
//     before any is used again. integration: all segments of a document. Both: fillers are segments of other
//     documents of the split, without repetition, until the target length is met as closely as 16 tries allow (or the
//     exact number of segments is there); then all are shuffled, so every slot is equally likely.
//   short: a whole document in its own order, evidence drawn from its segments.
// A context holds at most one needle of an attribute.
class ContextSampler {
 public:
  // As DrawPlan.
  ContextSampler(const corpus::CorpusIndex& index, const ContextSettings& settings,
                 std::uint32_t newline_tokens, std::uint64_t seed)
      : plan_(index, settings, newline_tokens, seed) {}
  // Throws config_error when the split runs out of segments that fit.
  Context draw(const ContextTask& task) const;

 private:
  DrawPlan plan_;
};

// The kinds of `count` contexts: by weight, exact to one at every prefix.
std::vector<ContextKind> plan_kinds(const KindWeights& weights, std::uint64_t count);

}  // namespace film::contexts

#pragma once
// Drawing contexts (paper section 2.1): evidence, random fillers of other documents up to a length, shuffled.
#include <array>
#include <cstdint>
#include <vector>

#include "film/base/random.h"
#include "film/contexts/settings.h"
#include "film/corpus/build.h"
#include "film/records/records.h"

namespace film::contexts {

// Which context is to be drawn. `number` counts within the split.
struct ContextTask {
  std::uint64_t id = 0;
  std::uint64_t number = 0;
  corpus::Split split = corpus::Split::train;
  ContextKind kind = ContextKind::fine_grained;
};

// Draws each context from (seed, id) alone, so contexts may be drawn in any order and by any number of
// threads.
//   fine_grained: evidence = segments of different documents, one each; every document of the split is used
//   once
//     before any is used again. integration: all segments of a document. Both: fillers are segments of other
//     documents of the split, without repetition, until the target length is met as closely as 16 tries allow
//     (or the exact number of segments is there); then all are shuffled, so every slot is equally likely.
//   short: a whole document in its own order, evidence drawn from its segments.
// A context holds at most one planted record of an attribute.
class ContextDrawer {
 public:
  // Keeps references. Throws config_error when a split that contexts are wanted from cannot supply them.
  ContextDrawer(const corpus::CorpusIndex& index, const ContextSettings& settings,
                std::uint32_t newline_tokens, std::uint64_t seed);
  // Throws config_error when the split runs out of segments that fit.
  Context draw(const ContextTask& task) const;

 private:
  friend class ContextDraft;
  struct Pool {  // of one split
    std::vector<std::uint32_t> segments;
    std::array<std::vector<std::uint32_t>, 3> documents;  // by kind: those that can be the evidence
    std::uint64_t tokens = 0;
  };
  void fill_pools();
  void require_enough(corpus::Split split) const;
  bool may_ask(std::uint64_t segment) const;
  bool suits(std::uint32_t document, ContextKind kind) const;
  std::uint64_t whole_tokens(std::uint32_t document) const;

  const corpus::CorpusIndex& index_;
  const ContextSettings& settings_;
  const std::uint32_t newline_tokens_;
  const std::uint64_t seed_;
  std::array<Pool, corpus::kSplits> pools_;
};

// The kinds of `count` contexts: by weight, exact to one at every prefix.
std::vector<ContextKind> plan_kinds(const KindWeights& weights, std::uint64_t count);

}  // namespace film::contexts

#pragma once
// Private to the module: what every draw of a context reads.
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "film/contexts/settings.h"
#include "film/corpus/index.h"
#include "film/records/records.h"
#include "graded_fillers.h"

namespace film::contexts {

// The documents and segments of one split.
struct Pool {
  std::vector<std::uint32_t> segments;   // ascending
  std::vector<std::uint32_t> by_length;  // the same, the shortest first
  std::array<std::vector<std::uint32_t>, kContextKinds.size()>
      documents;  // by kind: those that can be the evidence
  std::uint64_t tokens = 0;
  std::uint64_t count = 0, longest = 0;  // of its documents: how many; tokens of the longest

  const std::vector<std::uint32_t>& evidence(ContextKind kind) const {
    return documents[static_cast<std::size_t>(kind)];
  }
};

// For fillers that are not random: the segments, and threads to read all of them.
struct GradedInput {
  SegmentContent content;
  int threads = 1;
};

struct DrawPlan {
  // Keeps references. `graded` is needed where contexts.fillers.grade asks for it. Throws config_error when a split that contexts
  // are wanted from cannot supply them; stopped.
  DrawPlan(const corpus::CorpusIndex& corpus_index, const ContextSettings& context_settings,
           std::uint32_t tokens_of_newline, std::uint64_t random_seed, const GradedInput* graded);

  const Pool& pool(Split split) const { return pools[static_cast<std::size_t>(split)]; }
  const FillerSource* source(Split split) const { return sources[static_cast<std::size_t>(split)].get(); }
  bool may_ask(std::uint64_t segment) const;                 // whether it can be evidence
  std::uint64_t whole_tokens(std::uint32_t document) const;  // all its segments with newlines between

  const corpus::CorpusIndex& index;
  const ContextSettings& settings;
  const std::uint32_t newline_tokens;
  const std::uint64_t seed;
  std::array<Pool, kSplits.size()> pools;  // by split
  std::array<std::unique_ptr<const FillerSource>, kSplits.size()>
      sources;  // the same; none for random fillers

 private:
  void fill_pools();
  void order_by_length(Pool& pool) const;
  void require_enough(Split split) const;
  bool suits(std::uint32_t document, ContextKind kind) const;
};

}  // namespace film::contexts

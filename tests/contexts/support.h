#pragma once
// Shared by the tests of this module: corpora that are index arrays only.
#include <algorithm>

#include "../support/corpus.h"
#include "contexts/sampler.h"

namespace film::testing_contexts {

struct CorpusShape {
  std::uint64_t documents = 300;
  std::uint64_t max_segments = 8;  // a document has 1 to so many
  std::uint32_t min_tokens = 100, max_tokens = 180;
  std::uint16_t attributes = 0;  // > 0: every `planted_every`-th segment has one of them
  std::uint64_t planted_every = 1;
};

inline corpus::CorpusIndex make_index(const CorpusShape& shape, std::uint64_t seed = 1) {
  corpus::CorpusIndex index;
  Random random(seed, "index");
  for (std::uint32_t d = 0; d < shape.documents; ++d) {
    index.split.push_back(static_cast<Split>(d % 10 < 8 ? 0 : d % 10 - 7));
    const std::uint64_t segments = 1 + random.below(shape.max_segments);
    for (std::uint64_t s = 0; s < segments; ++s) {
      const std::uint64_t span = shape.max_tokens - shape.min_tokens + 1;
      index.tokens.push_back(shape.min_tokens + static_cast<std::uint32_t>(random.below(span)));
      index.document.push_back(d);
      index.hash.push_back(static_cast<std::uint32_t>(index.hash.size()));
      if (shape.attributes == 0) continue;
      const bool planted = random.below(shape.planted_every) == 0;
      index.attribute.push_back(static_cast<std::uint16_t>(planted ? 1 + random.below(shape.attributes) : 0));
    }
    index.first_segment.push_back(index.segments());
  }
  return index;
}

inline std::vector<std::uint32_t> documents_of(const corpus::CorpusIndex& index, const Context& context,
                                               bool evidence) {
  std::vector<std::uint32_t> documents;
  for (std::uint32_t i = 0; i < context.segments.size(); ++i)
    if (std::ranges::binary_search(context.evidence, i) == evidence)
      documents.push_back(index.document[context.segments[i]]);
  return documents;
}

inline constexpr std::uint32_t kNewline = 1;

inline contexts::ContextSettings settings_for(std::uint32_t low, std::uint32_t high) {
  contexts::ContextSettings settings;
  settings.target = {low, high};
  return settings;
}

inline std::vector<Context> draw_many(const corpus::CorpusIndex& index,
                                      const contexts::ContextSettings& settings, std::uint64_t count,
                                      Split split = Split::train,
                                      ContextKind kind = ContextKind::fine_grained) {
  const contexts::ContextSampler sampler(index, settings, kNewline, 5);
  std::vector<Context> contexts;
  for (std::uint64_t i = 0; i < count; ++i) contexts.push_back(sampler.draw({i, i, split, kind}));
  return contexts;
}

}  // namespace film::testing_contexts

#pragma once
// Prompts whose continuations are rated, as packs for one pass each.
#include <span>
#include <vector>

#include "film/batches/pack.h"
#include "film/engine/language_model.h"

namespace film::generation {

// Prompts [begin, begin + pack.pair_count) of a call: loss on their continuations; pair i is prompt begin + i.
struct RatedPack {
  std::size_t begin = 0;
  batches::Pack pack;
};

// Neighbours with equal prefixes share its rows, and a prompt whose rows begin another's has none of its own: several
// choices of one token are one sequence. Small groups are packed together, large ones are cut and read their prefix again, so
// that a pass has a bounded number of rows. continuations: parallel to the prompts, none empty.
std::vector<RatedPack> rated_packs(std::span<const engine::Prompt> prompts,
                                   std::span<const text::TokenIds> continuations);

// Of one pass: what their memory follows from.
std::int64_t most_rows(std::span<const RatedPack> packs);

}  // namespace film::generation

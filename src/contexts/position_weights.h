#pragma once
// Private to the module: evidence that does not stand everywhere alike (contexts.position_weights).
#include <cstdint>
#include <vector>

#include "film/base/random.h"

namespace film::contexts {

// The weight of every slot of a context of `slots` segments. The weights belong to equal parts of the context, from its
// start to its end; a slot has of each part the share that it covers. Integers, so the same on every machine.
std::vector<std::uint64_t> slot_weights(const std::vector<std::uint32_t>& position_weights,
                                        std::uint64_t slots);

// `count` different slots, drawn one after another in proportion to the weights of those that are left. None is drawn
// from slots without weight while others are left; after that every slot counts alike.
std::vector<std::size_t> draw_slots(std::vector<std::uint64_t> weights, std::size_t count, Random& random);

}  // namespace film::contexts

#pragma once
// Draws of one id from a row of logits.
#include <span>

#include "film/base/random.h"
#include "film/engine/language_model.h"

namespace film::generation {

// An id drawn from softmax(logits / temperature), cut to the most likely ids that together have at least top_p
// (nucleus sampling, Holtzman et al., ICLR 2020). Takes one number from `random`. temperature > 0.
text::TokenId sample(std::span<const float> logits, const engine::Sampling& sampling, Random& random);

}  // namespace film::generation

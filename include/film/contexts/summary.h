#pragma once
// What `film synth` prints.
#include <string>

#include "film/records/synth_facts.h"

namespace film::contexts {

// The facts of a DATA folder as tables and bars for people.
std::string synth_summary(const SynthFacts& facts);

}  // namespace film::contexts

#pragma once
// May text be cut for this model, and do separately encoded lines join? Decided from the model file alone.
#include <string>

#include "model_file.h"
#include "pair_table.h"

namespace film::text {

struct Exactness {
  std::string no_cuts;     // why text must go through SentencePiece whole; empty: cutting is exact
  std::string no_joining;  // why lines encoded apart do not join; empty: they do
};

// Fills `pairs` from the model's pieces.
Exactness examine(const ModelFile& model, PairTable& pairs);

}  // namespace film::text

#pragma once
// Facts in the manifest.json of RUN and EVAL folders (docs/formats.md).
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/json_fields.h"

namespace film {

// Written by `film train`.
struct TrainFacts {
  std::string model;   // in words: "Mistral, 2 layers, width 64, 2.15 M parameters"
  std::string device;  // name of the GPU, or "the CPU"
  std::int64_t steps = 0, pairs = 0;
  std::int64_t tokens = 0;  // rows computed, those of contexts too
  std::string tokenizer_sha256;
  std::vector<std::string> left_out;  // examples longer than max_tokens, by name
  std::string final_checkpoint;       // folder, relative to RUN

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant_or_missing("kind", "train");
    visit("model", facts.model);
    visit("device", facts.device);
    visit("steps", facts.steps);
    visit("pairs", facts.pairs);
    visit("tokens", facts.tokens);
    visit("tokenizer_sha256", facts.tokenizer_sha256);
    visit("left_out", facts.left_out);
    visit("final_checkpoint", facts.final_checkpoint);
  }
};

// Written by `film eval`.
struct EvalFacts {
  std::string report;  // file, relative to EVAL

  template <class Self, class Visitor>
  static void fields(Self& facts, Visitor& visit) {
    visit.constant_or_missing("kind", "eval");
    visit("report", facts.report);
  }
};

FILM_DECLARE_JSON(TrainFacts);
FILM_DECLARE_JSON(EvalFacts);

}  // namespace film

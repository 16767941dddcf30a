#pragma once
// Private to the module: what `film synth` reads.
#include <string>
#include <vector>

#include "film/contexts/synth.h"
#include "film/corpus/build.h"

namespace film::contexts {

// What the result depends on besides the settings.
struct SynthInputs {
  std::vector<sources::SourceFile> files;
  text::Tokenizer tokenizer;
  std::string evaluation;  // hash of the listing; empty: none

  // Throws as synth() does.
  SynthInputs(const SynthSettings& settings, const fs::path& out);
  Json named(std::uint64_t limit) const;
  // The settings that change the result, with the inputs, as settings.json of a shard has them.
  Json result_settings(const Fields& fields) const;
};

// What the contexts need of the corpus.
corpus::CorpusNeeds needs_of(const SynthSettings& settings);

}  // namespace film::contexts

#pragma once
// `film synth`: corpus -> segment store -> contexts, in one DATA folder (layout: docs/formats.md).
#include <cstdint>
#include <string>

#include "film/base/output_folder.h"
#include "film/contexts/settings.h"
#include "film/corpus/settings.h"

namespace film::contexts {

struct SynthSettings {
  std::uint64_t seed = 1;
  int threads = 0;
  std::string tokenizer;
  corpus::CorpusSettings corpus;
  ContextSettings contexts;

  void describe(Fields& f);
  void check() const;  // throws config_error
};

// Makes the DATA folder, or finds it finished; returns its manifest. `limit`: at most so many documents, 0 = all. Same
// settings, corpus and tokenizer give the same bytes whatever the threads. Throws config_error (settings; or the folder
// was made with others), no_input, bad_data, io_error, stopped.
Json synth(const SynthSettings& settings, const OutputRequest& output, std::uint64_t limit);

// The manifest's facts as tables and bars for people.
std::string synth_summary(const Json& manifest);

}  // namespace film::contexts

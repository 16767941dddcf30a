#pragma once
// `film synth`: corpus -> segment store -> contexts, in one DATA folder (layout: docs/formats.md).
#include <cstdint>
#include <string>

#include "film/base/output_folder.h"
#include "film/base/settings.h"
#include "film/contexts/settings.h"
#include "film/corpus/settings.h"
#include "film/corpus/shard.h"
#include "film/records/synth_facts.h"

namespace film::contexts {

struct SynthSettings {
  std::uint64_t seed = 1;  // of every random choice
  int threads = 0;         // 0: all cores
  std::string tokenizer;   // SentencePiece .model file of the model to train
  corpus::CorpusSettings corpus;
  ContextSettings contexts;

  void describe(Fields& f);
  void check() const;  // throws config_error
};

// Makes the DATA folder, of its shards if it has some, or finds it finished; returns what its manifest says. `output.fields` are those
// bound to `settings`; `limit`: at most so many documents, 0 = all. Same settings, corpus and tokenizer give
// the same bytes whatever the threads. Throws config_error (settings; or the folder was made with others),
// no_input, bad_data, io_error, stopped.
SynthFacts synth(const SynthSettings& settings, const OutputRequest& output, std::uint64_t limit);

// Prepares a shard of the corpus in DATA/shards, or finds it finished; `output` names DATA, as for synth(), which puts all
// shards together when it is called without one. Throws as synth() does.
ShardFacts synth_shard(const SynthSettings& settings, const OutputRequest& output,
                       const corpus::Shard& shard);

}  // namespace film::contexts

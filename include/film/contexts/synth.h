#pragma once
// `film synth`: corpus -> segment store -> contexts, in one DATA folder (layout: docs/formats.md).
#include <cstdint>
#include <string>

#include "film/base/output_folder.h"
#include "film/base/settings.h"
#include "film/contexts/settings.h"
#include "film/corpus/plan.h"
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

// What synth() would read and write; lengths and sizes are estimates.
struct SynthPlan {
  corpus::CorpusPlan corpus;
  std::uint64_t contexts = 0, context_tokens = 0;
  std::uint64_t store_bytes = 0, recipe_bytes = 0;  // on disk
  std::uint64_t memory_bytes = 0;                   // of the index and the table of duplicates
  int threads = 1;
};
// Reads a sample of the corpus and writes nothing. Throws as synth() does.
SynthPlan plan_synth(const SynthSettings& settings, const fs::path& out);
std::string plan_text(const SynthPlan& plan);  // for people
Json plan_json(const SynthPlan& plan);

// Prepares a shard of the corpus in DATA/shards, or finds it finished; `output` names DATA, as for synth(), which puts all
// shards together when it is called without one. Throws as synth() does.
ShardFacts synth_shard(const SynthSettings& settings, const OutputRequest& output,
                       const corpus::Shard& shard);

}  // namespace film::contexts

#pragma once
// Shared by the tests of contexts and folders: a small corpus, and DATA folders made of it.
#include <string>

#include "corpus.h"
#include "film/contexts/synth.h"

namespace film::support {

// A corpus of 400 documents, and settings over it.
struct SynthCase {
  TempFolder folder;
  contexts::SynthSettings settings;

  explicit SynthCase(const fs::path& model = small_model()) {
    std::string lines;
    for (std::uint64_t i = 0; i < 400; ++i) {
      Random random(i, "corpus");
      lines += to_line(Json{{"text", random_text(random, 5 + random.below(40))}}) + "\n";
    }
    settings.corpus.inputs = {folder.put("corpus.jsonl", lines).string()};
    settings.tokenizer = model.string();
    settings.threads = 1;
    settings.corpus.segment.tokens = 64;
    settings.corpus.part_tokens = 5000;
    settings.corpus.split = {0.6, 0.2, 0.2};
    settings.contexts.train = 60;
    settings.contexts.validation = 20;
    settings.contexts.test = 20;
    settings.contexts.target = {400, 1600};
    settings.contexts.document_max = 1000;
  }

  SynthFacts run(const std::string& out, std::uint64_t limit = 0) {
    Fields fields;
    settings.describe(fields);
    return contexts::synth(settings, {folder / out, "synth", fields}, limit);
  }
};

inline void plant(contexts::SynthSettings& settings) {
  settings.corpus.needles.fraction = 0.4;
  settings.corpus.needles.attributes = {
      {"river", {"amber", "silver"}}, {"tower", {"seven"}}, {"lamp", {"oil"}}};
}

}  // namespace film::support

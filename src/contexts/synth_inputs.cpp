#include "synth_inputs.h"

#include "film/base/error.h"
#include "film/cleaning/evaluation_texts.h"

namespace film::contexts {
namespace {

// The folder of the texts cannot be the output folder too: what is written there would be read by the next run.
void require_other_folder(const std::vector<std::string>& inputs, const fs::path& out) {
  for (const std::string& input : inputs)
    if (fs::is_directory(input) && fs::weakly_canonical(input) == fs::weakly_canonical(out))
      throw config_error("--out " + out.string() + " is the folder of the inputs",
                         "choose another, or one inside it: --out " + (out / "data").string());
}

std::vector<sources::SourceFile> list_inputs(const SynthSettings& settings, const fs::path& out) {
  settings.check();
  require_other_folder(settings.corpus.inputs, out);
  return corpus::list_corpus_files(settings.corpus);
}

}  // namespace

SynthInputs::SynthInputs(const SynthSettings& settings, const fs::path& out)
    : files(list_inputs(settings, out)), tokenizer(text::Tokenizer::load(settings.tokenizer)) {
  if (settings.corpus.decontaminate.on())
    evaluation = sources::listing_sha256(cleaning::list_evaluation_files(settings.corpus.decontaminate));
}

Json SynthInputs::named(std::uint64_t limit) const {
  Json inputs = {
      {"corpus", sources::listing_sha256(files)}, {"tokenizer", tokenizer.sha256()}, {"limit", limit}};
  if (!evaluation.empty()) inputs["evaluation"] = evaluation;
  return inputs;
}

Json SynthInputs::result_settings(const Fields& fields) const {
  Json all = fields.result_settings();
  const Json inputs = named(0);
  for (const auto& [key, value] : inputs.items())
    if (key != "limit") all["input." + key] = value;
  return all;
}

// Fillers come from another document than the evidence, and a context of so many segments should be one of several that
// its split can make.
corpus::CorpusNeeds needs_of(const SynthSettings& settings) {
  constexpr std::uint64_t kChoice = 3;
  const ContextSettings& contexts = settings.contexts;
  corpus::CorpusNeeds needs;
  needs.fillers = contexts.segments != 1 && contexts.kinds.fine_grained + contexts.kinds.integration > 0;
  const std::uint64_t tokens = kChoice * contexts.segments * settings.corpus.segment.tokens;
  const auto several = static_cast<std::uint32_t>(2 + tokens / settings.corpus.cut.tokens);
  for (const Split split : kSplits)
    if (contexts.count(split) > 0)
      needs.documents[static_cast<std::size_t>(split)] = needs.fillers ? several : 1;
  return needs;
}

}  // namespace film::contexts

// film synth: corpus -> long contexts with evidence at uniform positions.
#include "film/contexts/synth.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "defaults.h"
#include "film/contexts/summary.h"
#include "missing.h"
#include "put.h"

namespace film::cli {
namespace {

void require_synth(const contexts::SynthSettings& settings, const fs::path& out) {
  const bool inputs = !settings.corpus.inputs.empty(), tokenizer = !settings.tokenizer.empty();
  require_all("synth",
              {{inputs, "INPUT: files and folders of texts", inputs ? settings.corpus.inputs[0] : "my_texts"},
               {tokenizer, "--tokenizer FILE: the SentencePiece .model file of the model to train",
                "--tokenizer " + (tokenizer ? settings.tokenizer : "tokenizer.model")},
               {!out.empty(), "--out FOLDER", "--out " + (out.empty() ? "data" : out.string())}});
}

void run_synth(const CommonOptions& common, const ProgramInfo& program) {
  contexts::SynthSettings settings;
  Fields fields = resolve_settings(settings, "synth", common);
  choose_tokenizer(fields, {}, {});
  require_synth(settings, common.out);
  const bool before = holds_results(common.out);
  const SynthFacts facts = contexts::synth(settings, {common.out, "synth", fields, program}, common.limit);
  if (common.json)
    put_json(read_json(common.out / "manifest.json"));
  else
    put_text(contexts::synth_summary(facts));
  say_written(common.out, !before, "film qa " + common.out.string());
}

}  // namespace

void add_synth(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("synth", "Build long contexts from texts of yours");
  command->footer(
      "film synth my_texts --tokenizer tokenizer.model --out data\n"
      "film synth book.txt --tokenizer tokenizer.model --context 1024:4096 --contexts 200:20:20 -o data");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*command, "synth", *common);
  command->callback(
      [common, &run] { run = [common](const ProgramInfo& program) { run_synth(*common, program); }; });
}

}  // namespace film::cli

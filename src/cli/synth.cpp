// film synth: corpus -> long contexts with evidence at uniform positions.
#include "film/contexts/synth.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "command.h"
#include "film/contexts/summary.h"

namespace film::cli {
namespace {

void run_synth(const CommonOptions& common, const ProgramInfo& program) {
  contexts::SynthSettings settings;
  const Fields fields = resolve(settings, common.config, common.set);
  const SynthFacts facts = contexts::synth(settings, {common.out, "synth", fields, program}, common.limit);
  const std::string text =
      common.json ? to_pretty(read_json(common.out / "manifest.json")) : contexts::synth_summary(facts);
  std::fputs(text.c_str(), stdout);
}

}  // namespace

void add_synth(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "synth", "Build long contexts from a text corpus (settings: `film config show synth`)");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*command, *common);
  command->callback(
      [common, &run] { run = [common](const ProgramInfo& program) { run_synth(*common, program); }; });
}

}  // namespace film::cli

// film synth: corpus -> long contexts with evidence at uniform positions.
#include "film/contexts/synth.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "film/cli/verb.h"

namespace film::cli {

void add_synth(CLI::App& app, Run& run) {
  auto* verb = app.add_subcommand(
      "synth", "Build long contexts from a text corpus (settings: `film config show synth`)");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*verb, *common);
  verb->callback([common, &run] {
    run = [common](const ProgramInfo& program) {
      contexts::SynthSettings settings;
      const Fields fields = resolve(settings, common->config, common->set);
      const Json manifest = synth(settings, {common->out, "synth", fields, program}, common->limit);
      const std::string text = common->json ? to_pretty(manifest) : contexts::synth_summary(manifest);
      std::fputs(text.c_str(), stdout);
    };
  });
}

}  // namespace film::cli

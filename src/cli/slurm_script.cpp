// film slurm-script: batch scripts for a cluster.
#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "film/jobs/slurm.h"
#include "missing.h"
#include "put.h"

namespace film::cli {
namespace {

void write_scripts(const CommonOptions& common) {
  jobs::SlurmSettings settings;
  resolve_settings(settings, "slurm-script", common);
  require_all("slurm-script", {{!common.out.empty(), "--out FOLDER: where the scripts go", "--out scripts"}});
  make_folder(common.out);
  Json written = Json::array();
  for (const jobs::JobScript& script : jobs::slurm_scripts(settings)) {
    const fs::path file = common.out / script.name;
    write_file(file, script.text);
    written.push_back(file.string());
    if (!common.json) put_text("sbatch " + file.string() + "\n");
  }
  if (common.json) put_json({{"scripts", written}});
}

}  // namespace

void add_slurm_script(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("slurm-script", "Write batch scripts for Slurm: synth, qa, train, eval");
  command->footer(
      "film slurm-script --out jobs\n"
      "film slurm-script --set train.nodes=4 --set 'setup=[\". ~/.cache/film/env.sh\"]' --out jobs\n"
      "film slurm-script --config slurm.json --out jobs");
  auto options = std::make_shared<CommonOptions>();
  add_common_options(*command, "slurm-script", *options);
  command->callback([options, &run] { run = [options](const ProgramInfo&) { write_scripts(*options); }; });
}

}  // namespace film::cli

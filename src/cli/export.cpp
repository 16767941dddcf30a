// film export: questions on contexts as files that other tools read.
#include "film/exports/export.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/folders/question_folders.h"
#include "missing.h"
#include "put.h"

namespace film::cli {
namespace {

ExportFacts write(const exports::ExportSettings& settings, const Fields& fields, const CommonOptions& common,
                  const ProgramInfo& program) {
  const fs::path& out = common.out;
  OutputFolder folder({.path = out, .command = "export", .fields = fields, .program = program});
  Json inputs = folders::manifest_hashes(settings.data);
  inputs["limit"] = common.limit;
  folder.bind_inputs(inputs);
  if (folder.finished()) {
    info(out.string() + " is finished already; nothing to do");
    return from_json<ExportFacts>(folder.manifest(), (out / "manifest.json").string());
  }
  const folders::DataFolder data(settings.data);
  data.require_unchanged();
  exports::Exported exported = exports::export_data(data, settings, out, common.limit);
  folder.finish(exported.files, to_json(exported.facts));
  return std::move(exported.facts);
}

void run_export(const CommonOptions& common, const ProgramInfo& program) {
  exports::ExportSettings settings;
  const Fields fields = resolve_settings(settings, "export", common);
  require_all("export", {{!settings.data.empty(), "DATA: the folder that film synth wrote", "data"},
                         {!common.out.empty(), "--out FOLDER: what to write", "--out exported"}});
  settings.check();
  const bool before = holds_results(common.out);
  const ExportFacts facts = write(settings, fields, common, program);
  if (common.json) put_json(to_json(facts));
  for (const auto& [split, rows] : facts.rows)
    if (!common.json) put_text(split + ": " + counted(rows, "question") + "\n");
  say_written(common.out, !before, "its README.md says what the rows are");
}

}  // namespace

void add_export(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("export", "Write questions on contexts for other tools: chats, texts, retrieval");
  command->footer(
      "film export data --out exported\n"
      "film export data --out exported --form retrieval\n"
      "film export data --out exported --license odc-by --language en");
  auto options = std::make_shared<CommonOptions>();
  add_common_options(*command, "export", *options);
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_export(*options, program); }; });
}

}  // namespace film::cli

// film report: several evaluations on one page.
#include "film/report/report.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "command.h"
#include "distinct_names.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/sha256.h"
#include "film/evaluation/join.h"
#include "film/folders/eval_folder.h"
#include "film/folders/open_folder.h"
#include "put.h"
#include "report_input.h"
#include "shell_line.h"

namespace film::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> folders;
  std::string title = "Models compared";
  fs::path out;
  bool json = false;
  void describe(Fields& f) {
    f.add("folders", folders,
          "EVAL folders, the first model of the first is what the others are compared with")
        .path();
    f.add("title", title, "of the report");
  }
};

void require_evaluations(const ReportOptions& options) {
  if (options.folders.empty())
    throw usage_error("film report needs folders of film eval",
                      "for example: film report evals/a evals/b --out compared");
  for (const std::string& folder : options.folders)
    if (folders::kind_of_folder(folder) != folders::FolderKind::eval)
      throw usage_error(folder + " is no evaluation: film report joins folders that film eval wrote",
                        "film status " + shell_line({folder}) + " says what it holds");
}

report::ReportInput joined_input(const ReportOptions& options, const ProgramInfo& program) {
  std::vector<fs::path> evals(options.folders.begin(), options.folders.end());
  evaluation::Joined joined = evaluation::join(evals, distinct_names(options.folders));
  report::ReportInput input = report_input(joined);
  input.title = options.title;
  input.remarks = std::move(joined.remarks);
  sign(input, program);
  for (const std::string& folder : options.folders)
    input.provenance["commands of the evaluations"][folder] = film_line(folders::recorded_command(folder));
  return input;
}

// What an earlier report left: figures of other models among it.
std::vector<fs::path> old_files(const fs::path& out) {
  std::vector<fs::path> files;
  if (!fs::exists(out / "manifest.json")) return files;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const fs::path place = entry.path().lexically_relative(out);
    if (entry.is_regular_file() && place != "settings.json" && place != ".lock") files.push_back(place);
  }
  return files;
}

void write(const report::ReportInput& input, ReportOptions& options, const ProgramInfo& program) {
  Fields fields;
  options.describe(fields);
  OutputFolder out({options.out, "report", fields, program, {"figures/"}, old_files(options.out)});
  Json inputs = Json::object();
  for (const std::string& folder : options.folders)
    inputs[folder] = sha256_file(fs::path(folder) / "scores.json");
  out.bind_inputs(inputs);
  out.finish(report::write_report(out.path(), input), to_json(EvalFacts{"report.html"}));
}

void run_report(ReportOptions options, const ProgramInfo& program) {
  require_evaluations(options);
  const report::ReportInput input = joined_input(options, program);
  if (!options.out.empty()) write(input, options, program);
  if (options.json) {
    put_json(report::report_json(input));
  } else {
    put_text(report::terminal_summary(input.models, input.comparisons));
    put_text(report::agreement_summary(input.agreements));
    for (const std::string& remark : input.remarks) warn(remark);
  }
  if (!options.out.empty())
    say_written(options.out, true, "open " + (options.out / "report.html").string() + " in a browser");
}

}  // namespace

void add_report(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("report", "Join evaluations: one table, and one page of all their models");
  command->footer(
      "film report evals/base evals/trained\n"
      "film report evals/* --out compared --title \"All models\"");
  auto o = std::make_shared<ReportOptions>();
  command
      ->add_option("EVAL", o->folders, "Folders of film eval; differences are from the first's first model")
      ->type_name("FOLDER");
  command->add_option("-o,--out", o->out, "Folder for page, Markdown, JSON, LaTeX table and figures")
      ->type_name("FOLDER");
  command->add_option("--title", o->title, "Title of the page")->type_name("TEXT");
  command->add_flag("--json", o->json, "Result on stdout as JSON");
  command->callback([o, &run] { run = [o](const ProgramInfo& program) { run_report(*o, program); }; });
}

}  // namespace film::cli

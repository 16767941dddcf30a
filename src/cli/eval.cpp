// film eval: asks models the questions of tasks, and writes scores and a report.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <memory>

#include "command.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/evaluation/evaluation.h"
#include "film/folders/data_folder.h"
#include "film/folders/eval_folder.h"
#include "film/folders/run_folder.h"
#include "film/report/report.h"
#include "training_note.h"

namespace film::cli {
namespace {

constexpr const char* kReport = "report.html";

// How long the contexts of the DATA folders are, and where their evidence is.
std::vector<report::Histogram> histograms(const evaluation::Settings& settings) {
  std::vector<report::Histogram> list;
  for (const std::string& folder : settings.shown_data.empty() ? settings.data : settings.shown_data) {
    const auto found =
        report::data_histograms(folders::DataFolder(folder).facts(), fs::path(folder).filename().string());
    list.insert(list.end(), found.begin(), found.end());
  }
  return list;
}

// metrics.jsonl of the run that made the model, if it is one.
std::vector<Json> training_rows(const evaluation::Settings& settings) {
  const fs::path folder = settings.model;
  return fs::exists(folder / "metrics.jsonl") ? folders::RunFolder(folder).metrics() : std::vector<Json>{};
}

report::ReportInput report_input(const evaluation::Settings& settings, const evaluation::Results& results,
                                 const Fields& fields, const ProgramInfo& program) {
  report::ReportInput input;
  input.title = settings.title;
  input.date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  input.models = results.models;
  input.comparisons = results.comparisons;
  input.training = training_rows(settings);
  input.histograms = histograms(settings);
  input.provenance = {{"film", program.build}, {"command", program.command_line}};
  if (results.tokenizer)
    input.provenance["tokenizer"] = {{"file", results.tokenizer->path().filename().string()},
                                     {"sha256", results.tokenizer->sha256()}};
  input.provenance["settings"] = fields.dump();
  return input;
}

void evaluate(const evaluation::Settings& settings, const Fields& fields, std::uint64_t limit,
              const ProgramInfo& program, OutputFolder& out) {
  const auto models = evaluation::candidates(settings);
  out.bind_inputs(evaluation::input_hashes(models, settings, limit));
  const evaluation::Results results = evaluation::evaluate(models, settings, out.path(), limit);
  report::write_report(out.path(), report_input(settings, results, fields, program));
  std::vector<fs::path> files = results.files;
  files.emplace_back("scores.json");
  out.finish(files, to_json(EvalFacts{kReport}));
}

// About a run that was compared with its own starting point.
std::string note_on(const evaluation::Settings& settings, const std::vector<Comparison>& comparisons) {
  const fs::path run = settings.model;
  if (!fs::exists(run / "metrics.jsonl") || !settings.baseline.empty()) return "";
  return training_note(comparisons, folders::RunFolder(run).facts().steps);
}

// From what is on disk: the same for a folder that was finished before.
void print(const fs::path& folder, const evaluation::Settings& settings, bool json) {
  const folders::EvalFolder eval(folder);
  const Json scores = eval.scores();
  if (json) {
    std::fputs(to_pretty(scores).c_str(), stdout);
    return;
  }
  const report::ReportInput shown = report::scores_of(scores, (folder / "scores.json").string());
  std::printf("%s\n%sreport: %s\n", report::terminal_summary(shown.models, shown.comparisons).c_str(),
              note_on(settings, shown.comparisons).c_str(), eval.report().c_str());
}

void run_eval(const CommonOptions& common, const ProgramInfo& program) {
  evaluation::Settings settings;
  const Fields fields = resolve(settings, common.config, common.set);
  evaluation::check(settings);
  OutputFolder out({common.out, "eval", fields, program, {"journal.jsonl"}});
  if (out.finished())
    info(common.out.string() + " holds a finished evaluation: nothing to do");
  else
    evaluate(settings, fields, common.limit, program, out);
  print(common.out, settings, common.json);
}

}  // namespace

void add_eval(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("eval", "Score models on tasks, by position of the evidence where there is one");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*command, *common);
  command->callback(
      [common, &run] { run = [common](const ProgramInfo& program) { run_eval(*common, program); }; });
}

}  // namespace film::cli

// film eval: asks models the questions of tasks, and writes scores and a report.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "command.h"
#include "defaults.h"
#include "distinct_names.h"
#include "eval_plan_text.h"
#include "film/base/content_hash.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/terminal.h"
#include "film/evaluation/evaluation.h"
#include "film/evaluation/finished.h"
#include "film/folders/data_folder.h"
#include "film/folders/eval_folder.h"
#include "film/folders/run_folder.h"
#include "film/report/report.h"
#include "missing.h"
#include "model_origin.h"
#include "put.h"
#include "report_input.h"
#include "shell_line.h"
#include "training_note.h"

namespace film::cli {
namespace {

constexpr const char* kReport = "report.html";

// How long the contexts of the DATA folders are, and where their evidence is.
std::vector<report::Histogram> histograms(const evaluation::Settings& settings) {
  const std::vector<std::string>& folders = settings.shown_data.empty() ? settings.data : settings.shown_data;
  const std::vector<std::string> names = distinct_names(folders);
  std::vector<report::Histogram> list;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto found =
        report::data_histograms(folders::DataFolder(folders[i]).facts(), folders.size() == 1 ? "" : names[i]);
    list.insert(list.end(), found.begin(), found.end());
  }
  return list;
}

// metrics.jsonl of the run that made the model, if it is one.
std::vector<Json> training_rows(const evaluation::Settings& settings) {
  const fs::path folder = settings.model;
  return fs::exists(folder / "metrics.jsonl") ? folders::RunFolder(folder).metrics() : std::vector<Json>{};
}

Json changed_settings(const Fields& fields) {
  Json changed = Json::object();
  for (const Field& field : fields.all())
    if (fields.sources().at(field.key) != "default") changed[field.key] = field.get();
  return changed;
}

Json file_facts(const fs::path& file, const std::string& sha256) {
  return {{"file", file.filename().string()}, {"sha256", sha256}};
}

// The page of results, with what they are of.
void write_report(report::ReportInput input, const std::optional<text::Tokenizer>& tokenizer,
                  const evaluation::Settings& settings, const Fields& fields, const ProgramInfo& program,
                  const fs::path& folder) {
  input.title = settings.title;
  sign(input, program);
  input.training = training_rows(settings);
  input.histograms = histograms(settings);
  if (tokenizer) input.provenance["tokenizer"] = file_facts(tokenizer->path(), tokenizer->sha256());
  if (const fs::path people = settings.judge.human; !people.empty())
    input.provenance["verdicts of people"] = file_facts(people, content_hash(people));
  input.provenance["settings that are not the defaults"] = changed_settings(fields);
  input.provenance["all settings"] = fields.dump();
  report::write_report(folder, input);
}

void evaluate(const evaluation::Settings& settings, const Fields& fields, std::uint64_t limit,
              const ProgramInfo& program, OutputFolder& out) {
  const auto models = evaluation::candidates(settings);
  const Json hashes = evaluation::input_hashes(models, settings, limit);
  out.bind_inputs(hashes);
  evaluation::Results results = evaluation::evaluate(models, settings, out.path(), limit);
  for (std::size_t m = 0; m < models.size(); ++m) results.models[m].origin = origin_of(models[m], hashes);
  std::vector<fs::path> files = results.files;
  const std::optional<text::Tokenizer> tokenizer = results.tokenizer;
  write_report(report_input(results), tokenizer, settings, fields, program, out.path());
  files.emplace_back("scores.json");
  out.finish(files, to_json(EvalFacts{kReport}));
}

// Verdicts of people may come, or change, when all is judged: nothing is asked. False: they change nothing.
bool compare_with_people(const evaluation::Settings& settings, const Fields& fields,
                         const ProgramInfo& program, OutputFolder& out) {
  if (settings.judge.human.empty()) return false;
  const folders::EvalFolder eval(out.path());
  report::ReportInput input = report::scores_of(eval.scores(), (out.path() / "scores.json").string());
  const Json before = report::report_json(input);
  input.agreements = evaluation::agreements_in(out.path(), settings.judge);
  if (report::report_json(input) == before) return false;
  input.samples = eval.samples();
  const auto tokenizer = evaluation::tokenizer_of(evaluation::candidates(settings), settings);
  out.reopen();
  out.note_place("judge.human", settings.judge.human);
  write_report(std::move(input), tokenizer, settings, fields, program, out.path());
  std::vector<fs::path> files;
  for (const ManifestFile& file : eval.files()) files.emplace_back(file.path);
  out.finish(files, to_json(eval.facts()));
  info(out.path().string() +
       " holds a finished evaluation: compared with the verdicts of people, asked nothing");
  return true;
}

void refresh(const evaluation::Settings& settings, const Fields& fields, const ProgramInfo& program,
             OutputFolder& out) {
  out.require_inputs(evaluation::rubric_hashes(settings.judge));
  if (!compare_with_people(settings, fields, program, out))
    info(out.path().string() + " holds a finished evaluation: nothing to do");
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
    put_json(scores);
    return;
  }
  const report::ReportInput shown = report::scores_of(scores, (folder / "scores.json").string());
  std::printf("%s\n%s%sreport: %s\n", report::terminal_summary(shown.models, shown.comparisons).c_str(),
              report::agreement_summary(shown.agreements).c_str(),
              note_on(settings, shown.comparisons).c_str(), printable(eval.report().string()).c_str());
}

// MODEL or --model: one is `model`, several are `models`, and with --endpoint it is the model's name there.
void name_models(Fields& fields, const CommonOptions& common) {
  const std::vector<std::string> models = given_words("eval", "--model", common.words);
  const bool served = !given_words("eval", "--base-url", common.words).empty();
  if (models.empty()) return;
  if (models.size() == 1) return fields.apply({{served ? "endpoint.model" : "model", models[0]}}, "--model");
  Json list = Json::array();
  for (const std::string& model : models) list.push_back({{served ? "endpoint" : "folder", model}});
  fields.apply({{"models", list}}, "--model");
}

// Files of outputs say themselves which tasks they are of, unless tasks are named.
void name_tasks_of_outputs(Fields& fields, const evaluation::Settings& settings) {
  if (settings.predictions.empty() || fields.sources().at("tasks") != "default") return;
  fields.apply({{"tasks", evaluation::tasks_of_outputs(settings)}}, "--predictions");
}

std::vector<std::string> folders_of(const evaluation::Settings& settings) {
  std::vector<std::string> folders;
  if (!settings.model.empty()) folders.push_back(settings.model);
  if (!settings.baseline.empty()) folders.push_back(settings.baseline);
  for (const evaluation::ModelEntry& entry : settings.models)
    if (!entry.folder.empty()) folders.push_back(entry.folder);
  return folders;
}

// Runs and most model folders bring their own, and each model is asked with its own; the others need one named.
void choose_tokenizer_of_bare_models(Fields& fields, const evaluation::Settings& settings) {
  if (!settings.predictions.empty() && settings.data.empty()) return;  // nothing is measured in tokens
  for (const std::string& folder : folders_of(settings)) {
    const bool own =
        fs::exists(fs::path(folder) / "settings.json") || fs::exists(fs::path(folder) / "tokenizer.model");
    if (own) return;
  }
  choose_tokenizer(fields, {}, settings.data);
  for (const std::string& folder : folders_of(settings))
    if (!settings.tokenizer.empty())
      warn(folder +
           " has no tokenizer.model and is read with that tokenizer; if it is not the model's own: --set "
           "tokenizer=FILE");
}

// What film eval does instead of asking.
struct Instead {
  bool dry_run = false;
  std::string questions;  // file that they are written to
  bool any() const { return dry_run || !questions.empty(); }
};

void require_eval(const evaluation::Settings& settings, const fs::path& out, const Instead& instead) {
  const auto folders = folders_of(settings);
  const bool model = !instead.questions.empty() || !folders.empty() || !settings.models.empty() ||
                     !settings.endpoint.model.empty() || !settings.predictions.empty();
  const auto& tasks = settings.tasks.tasks;
  const auto asks_data = [&](const std::string& name) {
    return name == "in2" ||
           (settings.tasks.factorial.file.empty() && (name == "factorial" || name == "unanswerable"));
  };
  const bool data = !settings.data.empty() || std::ranges::none_of(tasks, asks_data);
  require_all(
      "eval",
      {{model,
        "MODEL: a run of film train, a model folder, or with --endpoint URL a name; or --predictions FILE",
        folders.empty() ? (model ? "" : "run") : folders[0]},
       {data, "--data FOLDER: held-out questions for the probes in2 and factorial (film synth, film qa)",
        "--data " + (settings.data.empty() ? "data" : settings.data[0])},
       {instead.any() || !out.empty(), "--out FOLDER", "--out " + (out.empty() ? "report" : out.string())}});
}

// What asking would need; a plan that does not fit is an error behind its table.
void print_plan(const evaluation::Settings& settings, const CommonOptions& common) {
  const auto plans = evaluation::plan_memory(evaluation::candidates(settings), settings, common.limit);
  if (common.json)
    put_json(plans_json(plans));
  else
    put_text(plans_text(plans));
  for (const evaluation::ModelPlan& plan : plans)
    engine::require_memory(plan.plan, plan.limit, settings.precision, plan.device);
}

void put_questions(const evaluation::Settings& settings, const fs::path& file, std::uint64_t limit) {
  const std::uint64_t rows = evaluation::write_questions(settings, file, limit);
  info("wrote " + counted(rows, "question") + " to " + file.string());
}

void run_eval(const CommonOptions& common, const Instead& instead, const ProgramInfo& program) {
  evaluation::Settings settings;
  Fields fields = resolve_settings(settings, "eval", common);
  name_models(fields, common);
  name_tasks_of_outputs(fields, settings);
  choose_prompt(fields, folders_of(settings));
  choose_tokenizer_of_bare_models(fields, settings);
  require_eval(settings, common.out, instead);
  evaluation::check(settings);
  if (!instead.questions.empty()) return put_questions(settings, instead.questions, common.limit);
  if (instead.dry_run) return print_plan(settings, common);
  const bool before = holds_results(common.out);
  OutputFolder out({common.out, "eval", fields, program, {"journal.jsonl", "journal.judge.jsonl"}});
  if (out.finished())
    refresh(settings, fields, program, out);
  else
    evaluate(settings, fields, common.limit, program, out);
  print(common.out, settings, common.json);
  say_written(common.out, !before,
              "film show " + common.out.string() + " --wrong, or open " +
                  folders::EvalFolder(common.out).report().string());
}

}  // namespace

void add_eval(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("eval", "Score models on tasks, by position of the evidence where there is one");
  command->footer(
      "film eval run --data data --out report\n"
      "film eval modelA modelB --data data --out report\n"
      "film eval --predictions results/*.jsonl --set task_data=longbench --out report\n"
      "film eval --endpoint http://127.0.0.1:8080/v1 --model NAME --data data --out report");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*command, "eval", *common);
  auto instead = std::make_shared<Instead>();
  command->add_flag("--dry-run", instead->dry_run,
                    "Say how much memory the models would need, by item; write nothing");
  command
      ->add_option("--write-questions", instead->questions,
                   "Write the questions with their contexts and answers to this file; ask no model")
      ->type_name("FILE");
  command->callback([common, instead, &run] {
    run = [common, instead](const ProgramInfo& program) { run_eval(*common, *instead, program); };
  });
}

}  // namespace film::cli

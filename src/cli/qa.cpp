// film qa: contexts of a DATA folder -> questions with answers.
#include "film/questions/qa.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "film/folders/question_folders.h"
#include "film/questions/asking_cost.h"
#include "missing.h"
#include "put.h"

namespace film::cli {
namespace {

struct QaOptions {
  CommonOptions common;
  fs::path data;
  bool dry_run = false;
};

fs::path folder_for(const questions::QaSettings& settings, const fs::path& data) {
  if (settings.general.on()) return folders::general_folder(data);
  return settings.generator == questions::GeneratorKind::import
             ? folders::imported_folder(data, settings.import.file)
             : folders::questions_folder(data);
}

void run_general(const folders::DataFolder& data, const questions::QaSettings& settings,
                 const OutputRequest& output, bool json) {
  const bool before = holds_results(output.path);
  const GeneralFacts facts = questions::write_general(data, settings.general, settings.seed, output);
  if (json)
    put_json(read_json(output.path / "manifest.json"));
  else
    put_text(questions::general_summary(facts));
  say_written(output.path, !before, "film train " + data.path().string() + " --model MODEL --out RUN");
}

void print_cost(const questions::AskingCost& cost, bool json) {
  if (json)
    put_json(questions::asking_cost_json(cost));
  else
    put_text(questions::asking_cost_text(cost));
}

void run_qa(const QaOptions& options, const ProgramInfo& program) {
  const CommonOptions& common = options.common;
  require_all("qa", {{!options.data.empty(), "DATA: the folder that film synth wrote", "data"}});
  questions::QaSettings settings;
  Fields fields = resolve_settings(settings, "qa", common);
  const folders::DataFolder data(options.data);
  fields.apply({{"data", data.path().string()}}, "DATA");
  if (options.dry_run) return print_cost(questions::asking_cost(data, settings, common.limit), common.json);
  const fs::path out = common.out.empty() ? folder_for(settings, data.path()) : common.out;
  const bool before = holds_results(out);
  if (settings.general.on()) return run_general(data, settings, {out, "qa", fields, program}, common.json);
  const QaFacts facts =
      questions::write_questions(data, settings, {out, "qa", fields, program}, common.limit);
  if (common.json)
    put_json(read_json(out / "manifest.json"));
  else
    put_text(questions::qa_summary(facts));
  say_written(out, !before,
              "film show " + data.path().string() + " 0, then film train " +
                  (common.out.empty() ? data.path() : common.out).string() + " --model MODEL --out RUN");
}

}  // namespace

void add_qa(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("qa", "Write questions and answers about the contexts of a DATA folder");
  command->footer(
      "film qa data\n"
      "film qa data --model gpt-4o-mini --dry-run\n"
      "film qa data --model gpt-4o-mini --max-cost 2\n"
      "film qa data --import questions.csv --split test\n"
      "film qa data --general openorca.jsonl");
  auto options = std::make_shared<QaOptions>();
  command
      ->add_option("DATA", options->data,
                   "Folder that film synth wrote; questions go to DATA/questions, imported ones to "
                   "DATA/imported")
      ->type_name("FOLDER");
  command->add_flag(
      "--dry-run", options->dry_run,
      "What a model would be asked: requests, tokens and, with prices, money; nothing is sent or written");
  add_common_options(*command, "qa", options->common);
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_qa(*options, program); }; });
}

}  // namespace film::cli

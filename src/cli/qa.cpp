// film qa: contexts of a DATA folder -> questions with answers.
#include "film/questions/qa.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "command.h"
#include "film/folders/question_folders.h"

namespace film::cli {
namespace {

struct QaOptions {
  CommonOptions common;
  fs::path data;
  std::string import;  // file of written questions; empty: settings decide
  std::string split;   // of the contexts they are about; empty: settings decide
};

fs::path folder_for(const questions::QaSettings& settings, const fs::path& data) {
  return settings.generator == questions::GeneratorKind::import
             ? folders::imported_folder(data, settings.import.file)
             : folders::questions_folder(data);
}

void run_qa(const QaOptions& options, const ProgramInfo& program) {
  const CommonOptions& common = options.common;
  const folders::DataFolder data(options.data);
  questions::QaSettings settings;
  Fields fields = resolve(settings, common.config, common.set);
  fields.apply({{"data", data.path().string()}}, "DATA");
  if (!options.import.empty())
    fields.apply({{"generator", "import"}, {"import.file", options.import}}, "--import");
  if (!options.split.empty()) fields.apply({{"import.split", options.split}}, "--split");
  const fs::path out = common.out.empty() ? folder_for(settings, data.path()) : common.out;
  const QaFacts facts =
      questions::write_questions(data, settings, {out, "qa", fields, program}, common.limit);
  const std::string text =
      common.json ? to_pretty(read_json(out / "manifest.json")) : questions::qa_summary(facts);
  std::fputs(text.c_str(), stdout);
}

}  // namespace

void add_qa(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "qa", "Write questions and answers for a DATA folder (settings: `film config show qa`)");
  auto options = std::make_shared<QaOptions>();
  command
      ->add_option(
          "DATA", options->data,
          "Folder that film synth wrote; questions go to DATA/questions, imported ones to DATA/imported")
      ->required();
  command->add_option("--import", options->import,
                      "CSV or JSONL file of questions and answers that people wrote");
  command->add_option("--split", options->split,
                      "With --import: train, validation or test; the contexts that the questions are about");
  add_common_options(*command, options->common, false);
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_qa(*options, program); }; });
}

}  // namespace film::cli

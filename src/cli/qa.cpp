// film qa: contexts of a DATA folder -> questions with answers.
#include "film/questions/qa.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "command.h"

namespace film::cli {
namespace {

struct QaOptions {
  CommonOptions common;
  fs::path data;
  std::string import;  // file of written questions; empty: settings decide
};

void run_qa(const QaOptions& options, const ProgramInfo& program) {
  const CommonOptions& common = options.common;
  questions::QaSettings settings;
  Fields fields = resolve(settings, common.config, common.set);
  if (!options.import.empty())
    fields.apply({{"generator", "import"}, {"import.file", options.import}}, "--import");
  const fs::path out = common.out.empty() ? options.data / "questions" : common.out;
  const QaFacts facts = questions::write_questions(
      folders::DataFolder(options.data), settings,
      {out, "qa", fields, program, {"journal.jsonl", "examples.jsonl", "rejected.jsonl"}}, common.limit);
  const std::string text =
      common.json ? to_pretty(read_json(out / "manifest.json")) : questions::qa_summary(facts);
  std::fputs(text.c_str(), stdout);
}

}  // namespace

void add_qa(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "qa", "Write questions and answers for a DATA folder (settings: `film config show qa`)");
  auto options = std::make_shared<QaOptions>();
  command->add_option("DATA", options->data, "Folder that film synth wrote; questions go to DATA/questions")
      ->required();
  command->add_option("--import", options->import,
                      "CSV or JSONL file of questions and answers that people wrote");
  add_common_options(*command, options->common, false);
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_qa(*options, program); }; });
}

}  // namespace film::cli

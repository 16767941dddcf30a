// film benchmark: the questions of a benchmark, made for a tokenizer.
#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/benchmarks/benchmarks.h"
#include "missing.h"
#include "put.h"

namespace film::cli {
namespace {

BenchmarkFacts written(const benchmarks::Settings& settings, const Fields& fields,
                       const CommonOptions& common, const ProgramInfo& program) {
  OutputFolder folder({.path = common.out, .command = "benchmark", .fields = fields, .program = program});
  Json inputs = benchmarks::input_hashes(settings);
  inputs["limit"] = common.limit;
  folder.bind_inputs(inputs);
  if (folder.finished()) {
    info(common.out.string() + " is finished already; nothing to do");
    return from_json<BenchmarkFacts>(folder.manifest(), (common.out / "manifest.json").string());
  }
  benchmarks::Written made = benchmarks::write_benchmark(settings, common.out, common.limit);
  folder.finish(made.files, to_json(made.facts));
  return std::move(made.facts);
}

// Mean tokens of the questions by length and task.
std::string table(const BenchmarkFacts& facts) {
  std::string text = "mean tokens of prompt and longest answer\n";
  for (const auto& [length, tasks] : facts.mean_tokens)
    for (const auto& [task, tokens] : tasks) text += length + " " + task + ": " + grouped(tokens) + "\n";
  return text;
}

void run_benchmark(const CommonOptions& common, const ProgramInfo& program) {
  benchmarks::Settings settings;
  const Fields fields = resolve_settings(settings, "benchmark", common);
  require_all("benchmark", {{!settings.tokenizer.empty(), "--tokenizer FILE: lengths are counted with it",
                             "--tokenizer tokenizer.model"},
                            {!common.out.empty(), "--out FOLDER: what to write", "--out ruler"}});
  settings.check();
  const bool before = holds_results(common.out);
  const BenchmarkFacts facts = written(settings, fields, common, program);
  if (common.json)
    put_json(to_json(facts));
  else
    put_text(table(facts));
  const std::string length = std::to_string(settings.lengths_or_own().front());
  say_written(common.out, !before,
              "film eval MODEL --task " + facts.rows.begin()->first +
                  " --set task_data=" + (common.out / length).string() + " --out EVAL");
}

}  // namespace

void add_benchmark(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("benchmark", "Write the questions of a benchmark for a tokenizer: RULER, NoLiMa");
  command->footer(
      "film benchmark ruler --tokenizer tokenizer.model --out ruler --lengths '[4096, 32768]' --task "
      "niah_single_1 --task vt\n"
      "film benchmark ruler --tokenizer tokenizer.model --out ruler --set ruler.essays=essays --set "
      "ruler.squad=dev-v2.0.json --set ruler.hotpotqa=hotpot_dev_distractor_v1.json");
  auto options = std::make_shared<CommonOptions>();
  add_common_options(*command, "benchmark", *options);
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_benchmark(*options, program); }; });
}

}  // namespace film::cli

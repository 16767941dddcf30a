// film train: DATA folders -> a trained model.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/base/progress.h"
#include "film/cli/verb.h"
#include "film/engine/engine.h"

namespace film::cli {
namespace {

// The inputs by content: a changed DATA folder is another run.
Json input_hashes(const engine::TrainSettings& settings, std::uint64_t limit) {
  Json inputs = {{"limit", limit}, {"tokenizer", sha256_file(settings.tokenizer)}};
  for (const engine::StageSettings& stage : settings.stages)
    for (const std::string& folder : stage.data)
      for (const char* file : {"manifest.json", "questions/manifest.json"})
        if (fs::exists(fs::path(folder) / file))
          inputs[folder + "/" + file] = sha256_file(fs::path(folder) / file);
  return inputs;
}

std::string gibibytes(std::uint64_t bytes) {
  return fmt::format("{:10.2f} GiB", static_cast<double>(bytes) / (1ull << 30));
}

// What `film train` would do, as a table on stdout.
void print_plan(const Json& plan) {
  const auto number = [&](const char* key) { return plan.at(key).get<std::uint64_t>(); };
  std::string text =
      fmt::format("{}, {}\n", plan.at("model").get<std::string>(), plan.at("precision").get<std::string>());
  text += fmt::format("  {} steps, {} passes of at most {} tokens\n", number("steps"), number("passes"),
                      number("longest_pass"));
  text += fmt::format("  {} question/answer pairs, {} tokens read, {} of them answers, {} of padding\n",
                      number("pairs"), number("tokens"), number("answer_tokens"), number("padding"));
  text += fmt::format("  {:.3g} PFLOP of model arithmetic; about {} on this machine\n\nmemory\n",
                      plan.at("flops").get<double>() / 1e15, duration_text(plan.at("seconds").get<double>()));
  for (const Json& item : plan.at("memory").at("items"))
    text += fmt::format("  {:<24}{}  {}\n", item.at("item").get<std::string>(),
                        gibibytes(item.at("bytes").get<std::uint64_t>()), item.at("note").get<std::string>());
  text += fmt::format("  {:<24}{}\n", "all", gibibytes(plan.at("memory").at("planned").get<std::uint64_t>()));
  std::fputs(text.c_str(), stdout);
}

void run_train(const CommonOptions& common, const ProgramInfo& program, bool dry_run) {
  engine::TrainSettings settings;
  const Fields fields = resolve(settings, common.config, common.set);
  settings.check();
  if (common.limit > 0)
    for (engine::StageSettings& stage : settings.stages)
      stage.steps = static_cast<std::int64_t>(common.limit);
  if (dry_run) {
    const Json plan = engine::library().plan(settings);
    common.json ? static_cast<void>(std::fputs(to_pretty(plan).c_str(), stdout)) : print_plan(plan);
    return;
  }
  if (common.out.empty()) throw usage_error("--out is required", "name a folder for the run: --out RUN");
  OutputFolder run({common.out, "train", fields, program});
  run.bind_inputs(input_hashes(settings, common.limit));
  Json facts;
  if (run.finished()) {
    info(common.out.string() + " holds a finished run: nothing to do");
    facts = run.manifest();
  } else {
    facts = engine::library().train(settings, run);
  }
  const fs::path model = common.out / facts.at("final_checkpoint").get<std::string>();
  if (common.json)
    std::fputs(to_pretty(facts).c_str(), stdout);
  else
    std::printf("trained model: %s\n", model.c_str());
}

}  // namespace

void add_train(CLI::App& app, Run& run) {
  auto* verb =
      app.add_subcommand("train", "Fine-tune or train a model on examples, with loss on the answers only");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*verb, *common, false);
  auto dry_run = std::make_shared<bool>(false);
  verb->add_flag("--dry-run", *dry_run,
                 "Say what the run would do and need (memory by item, time); write nothing");
  verb->callback([common, dry_run, &run] {
    run = [common, dry_run](const ProgramInfo& program) { run_train(*common, program, *dry_run); };
  });
}

}  // namespace film::cli

// film train: DATA folders -> a trained model.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "command.h"
#include "film/engine/training.h"
#include "train_text.h"

namespace film::cli {
namespace {

void run_train(const CommonOptions& common, bool dry_run, const ProgramInfo& program) {
  engine::TrainRequest request;
  request.limit = common.limit;
  const Fields fields = resolve(request.settings, common.config, common.set);
  std::string text;
  if (dry_run) {
    const engine::TrainPlan plan = engine::plan(request);
    text = common.json ? to_pretty(plan_json(plan)) : plan_text(plan);
  } else {
    const TrainFacts facts = engine::train(
        request, {.path = common.out, .command = "train", .fields = fields, .program = program});
    text = common.json ? to_pretty(to_json(facts))
                       : "trained model: " + (common.out / facts.final_checkpoint).string() + "\n";
  }
  std::fputs(text.c_str(), stdout);
}

}  // namespace

void add_train(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("train", "Fine-tune or train a model on examples, with loss on the answers only");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*command, *common, false);
  auto dry_run = std::make_shared<bool>(false);
  command->add_flag("--dry-run", *dry_run,
                    "Say what the run would do and need (memory by item, time); write nothing");
  command->callback([common, dry_run, &run] {
    run = [common, dry_run](const ProgramInfo& program) { run_train(*common, *dry_run, program); };
  });
}

}  // namespace film::cli

// film train: DATA folders -> a trained model.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "command.h"
#include "defaults.h"
#include "film/base/error.h"
#include "film/base/log_name.h"
#include "film/engine/training.h"
#include "missing.h"
#include "plan_words.h"
#include "put.h"
#include "train_text.h"

namespace film::cli {
namespace {

struct TrainOptions {
  CommonOptions common;
  bool dry_run = false;
  PlanWords plan;
};

std::vector<std::string> data_of(const engine::TrainSettings& settings) {
  std::vector<std::string> all;
  for (const engine::StageSettings& stage : settings.stages)
    all.insert(all.end(), stage.data.begin(), stage.data.end());
  return all;
}

// A new model is made only for whoever described one: its default is a model of 7 billion parameters.
bool names_model(const engine::TrainSettings& settings, const Fields& fields) {
  return !settings.model_folder.empty() || std::ranges::any_of(fields.sources(), [](const auto& source) {
    return source.first.starts_with("model.") && source.second != "default";
  });
}

void require_train(const engine::TrainSettings& settings, const Fields& fields, const TrainOptions& options) {
  const auto data = data_of(settings);
  const bool model = names_model(settings, fields), tokenizer = !settings.tokenizer.empty();
  const bool all_data = std::ranges::none_of(settings.stages, [](const auto& s) { return s.data.empty(); });
  const fs::path& out = options.common.out;
  const bool counts =
      options.plan.examples > 0;  // a plan from lengths alone needs neither data nor tokenizer
  std::vector<Need> needs = {
      {all_data || counts, "DATA: folders that film synth and film qa wrote",
       data.empty() ? "data" : data[0]},
      {model, "--model FOLDER to start from, or settings of a new model (--config configs/demo/train.json)",
       "--model " + (settings.model_folder.empty() ? "MODEL" : settings.model_folder)},
      {tokenizer || counts, "--tokenizer FILE: the SentencePiece .model file of the model",
       tokenizer ? "" : "--tokenizer tokenizer.model"}};
  if (model && settings.model_folder.empty())
    needs[1].words = options.common.config ? "--config " + options.common.config->string() : "";
  if (!options.dry_run)
    needs.push_back({!out.empty(), "--out FOLDER", "--out " + (out.empty() ? "run" : out.string())});
  require_all("train", needs);
}

void train(const engine::TrainRequest& request, const TrainOptions& options, const Fields& fields,
           const ProgramInfo& program) {
  const bool json = options.common.json;
  if (options.dry_run) {
    const std::vector<engine::TrainPlan> plans = engine::plan(request, plan_options(options.plan));
    return json ? put_json(plans_json(plans, options.plan.price))
                : put_text(plans_text(plans, options.plan.price));
  }
  const fs::path& out = options.common.out;
  const TrainFacts facts = engine::train(request, {out, "train", fields, program});
  if (request.place.rank > 0) return;
  return json ? put_json(to_json(facts)) : put_text(facts_text(facts, out));
}

// Whoever has no model yet can plan all the same.
void require_model_to_plan(const engine::TrainSettings& settings, const TrainOptions& options) {
  const std::string& folder = settings.model_folder;
  if (!options.dry_run || options.plan.examples > 0 || folder.empty() || fs::exists(folder)) return;
  throw no_input("no such model folder: " + folder,
                 "name one that is there, or plan from counts alone: add --examples 1550000 --tokens "
                 "4096:32768, and for "
                 "other machines --on all");
}

void run_train(const TrainOptions& options, const ProgramInfo& program) {
  engine::TrainRequest request;
  request.limit = options.common.limit;
  if (!options.dry_run) request.place = engine::find_rank();
  if (request.place.rank > 0) log_errors_as(fmt::format("rank {}", request.place.rank));
  Fields fields = resolve_settings(request.settings, "train", options.common);
  choose_start(fields);
  choose_prompt(fields, {request.settings.model_folder});
  require_dry_run(options.plan, options.dry_run);
  if (options.plan.examples == 0)
    choose_tokenizer(fields, {request.settings.model_folder}, data_of(request.settings));
  require_train(request.settings, fields, options);
  require_model_to_plan(request.settings, options);
  const bool before = holds_results(options.common.out);
  train(request, options, fields, program);
  if (!options.dry_run && request.place.rank == 0)
    say_written(options.common.out, !before,
                "film eval " + options.common.out.string() + " --data " + data_of(request.settings)[0] +
                    " --out EVAL");
}

}  // namespace

void add_train(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("train", "Fine-tune or train a model on the questions of DATA folders");
  command->footer(
      "film train data --model Mistral-7B-Instruct-v0.2 --dry-run\n"
      "film train --config configs/film_7b.json --dry-run --on h100-80 --examples 1550000 --tokens "
      "4096:32768\n"
      "film train data --model Mistral-7B-Instruct-v0.2 --steps 100 --lr 1e-6 --out run\n"
      "film train data --config configs/demo/train.json --out run");
  auto options = std::make_shared<TrainOptions>();
  add_common_options(*command, "train", options->common);
  command->add_flag("--dry-run", options->dry_run,
                    "Say what the run would do and need (memory by item, time); write nothing");
  add_plan_options(*command, options->plan);
  command->callback(
      [options, &run] { run = [options](const ProgramInfo& program) { run_train(*options, program); }; });
}

}  // namespace film::cli

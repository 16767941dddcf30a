// film train: DATA folders -> a trained model.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/cli/verb.h"
#include "film/engine/engine.h"

namespace film {
namespace {

// The inputs by content: a changed DATA folder is another run.
Json input_hashes(const TrainSettings& settings, std::uint64_t limit) {
  Json inputs = {{"limit", limit}, {"tokenizer", sha256_file(settings.tokenizer)}};
  for (const StageSettings& stage : settings.stages)
    for (const std::string& folder : stage.data)
      for (const char* file : {"manifest.json", "questions/manifest.json"})
        if (fs::exists(fs::path(folder) / file))
          inputs[folder + "/" + file] = sha256_file(fs::path(folder) / file);
  return inputs;
}

void run_train(const CommonOptions& common) {
  TrainSettings settings;
  const Fields fields = resolve(settings, common.config, common.set);
  settings.check();
  if (common.limit > 0)
    for (StageSettings& stage : settings.stages) stage.steps = static_cast<std::int64_t>(common.limit);
  OutputFolder run(common.out, "train", fields, input_hashes(settings, common.limit));
  Json facts;
  if (run.finished()) {
    info(common.out.string() + " holds a finished run: nothing to do");
    facts = run.manifest();
  } else {
    facts = engine().train(settings, run);
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
  add_common_options(*verb, *common);
  verb->callback([common, &run] { run = [common] { run_train(*common); }; });
}

}  // namespace film

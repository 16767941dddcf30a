#include "film/evaluation/settings.h"

#include "film/base/error.h"

namespace film::evaluation {

void ModelEntry::describe(Fields& f) {
  f.add("label", label, "in tables and file names; empty = last part of folder or endpoint");
  f.add("folder", folder, "Hugging Face folder, or a run folder that film train wrote");
  f.add("endpoint", endpoint, "instead of a folder: name of the model that the endpoint serves");
  f.add("base_url", base_url, "address of that endpoint; empty = endpoint.base_url");
  f.add("predictions", predictions, "instead of a folder: files of outputs that were made elsewhere").path();
}

void JudgeSettings::describe(Fields& f) {
  f.add("rubric", rubric, "file of what a second model is asked about each written answer; empty = no judge")
      .runtime();
  f.add("rubric_unanswerable", rubric_unanswerable,
        "the same for the task unanswerable; empty = it is not judged")
      .runtime();
  f.add("tasks", tasks, "tasks whose answers it judges; empty = all whose answers are written");
  f.add("model", model, "its folder, where it runs here; empty = judge.endpoint.model");
  f.add("prompt", prompt, "prompt template of a judge that runs here");
  f.group("endpoint", endpoint);
  f.add("human", human,
        "JSONL, CSV or TSV of people's verdicts (id, verdict, task, model), to compare its own with")
      .path()
      .runtime();
}

void Settings::describe(Fields& f) {
  f.add("model", model, "Hugging Face folder, or a run folder that film train wrote");
  f.add("baseline", baseline, "model to compare with; empty = the run's own starting point");
  f.list("models", models, "instead of model and baseline: any number, compared with the first");
  f.add("predictions", predictions, "files of outputs made elsewhere, which are scored; no model is opened")
      .path();
  f.add("predictions_form", predictions_form, "who wrote these files; auto: told by their keys");
  f.add("predictions_in_order", predictions_in_order,
        "their rows answer the questions in order, whatever ids they have");
  f.add("tokenizer", tokenizer, "SentencePiece .model file; empty = tokenizer.model of the model folder")
      .runtime();
  f.add("prompt", prompt, "prompt template");
  f.add("data", data, "DATA folders for the in2 probe").path();
  f.add("shown_data", shown_data, "DATA folders whose lengths and positions the report shows; empty = data")
      .runtime();
  f.add("split", split, "of their examples");
  f.add("title", title, "of the report");
  f.group("endpoint", endpoint);
  f.add("device", device, "where models that run here compute; auto: on a GPU where one can be used");
  f.add("precision", precision, "of their weights and activations");
  f.add("yarn_factor", yarn_factor,
        "YaRN makes the window of models that run here so many times as long; 1 = as trained")
      .range(1, 1024);
  f.add("memory_limit", memory_limit,
        "memory that a model and its questions may take on the device; 0 = all that is free")
      .range(0, 1e6)
      .in("GiB")
      .runtime();
  f.add("threads", threads, "CPU threads; 0 = all cores").range(0, 1024).runtime();
  tasks.describe(f);
  scores.describe(f);
  f.group("judge", judge);
  f.add("questions_per_call", questions_per_call, "questions served by one reading of their context")
      .range(1, 1 << 20)
      .runtime();
  f.add("cache", cache,
        "folder that keeps answers of models that run here for other evaluations; empty = none")
      .runtime()
      .path();
  f.add("unscored_limit", unscored_limit,
        "share of a task's questions that may be refused, empty or without a reply; more end the run")
      .range(0, 1)
      .runtime();
}

std::uint64_t memory_limit_bytes(const Settings& settings) {
  return static_cast<std::uint64_t>(settings.memory_limit * (1ull << 30));
}

namespace {

// Models are named in one of three ways: model and baseline, models, or predictions.
void check_one_way(const Settings& settings) {
  const std::string single = !settings.model.empty() ? "model" : !settings.baseline.empty() ? "baseline" : "";
  const std::string first = !settings.models.empty()        ? "models"
                            : !settings.predictions.empty() ? "predictions"
                                                            : "";
  const bool both = !settings.models.empty() && !settings.predictions.empty();
  if (!settings.predictions.empty() && !settings.endpoint.model.empty())
    throw config_error("predictions is set, and so is endpoint.model",
                       "name all models in models, the one to compare with first");
  if (first.empty() || (single.empty() && !both)) return;
  throw config_error(first + " is set, and so is " + (both ? "predictions" : single),
                     "name all models in models, the one to compare with first");
}

void check_judge(const JudgeSettings& judge) {
  const bool here = !judge.model.empty(), served = !judge.endpoint.model.empty();
  if (!judge.is_on()) {
    if (here || served || !judge.human.empty() || !judge.tasks.empty())
      throw config_error("there is a judge without a rubric",
                         "--set judge.rubric=configs/prompts/judge/correct.txt, or a file of your own");
    return;
  }
  if (here == served)
    throw config_error(
        here ? "judge.model is set, and so is judge.endpoint.model" : "there is a rubric without a judge",
        "name one: --set judge.model=FOLDER, or --set judge.endpoint.model=NAME with "
        "judge.endpoint.base_url=URL");
}

}  // namespace

void check(const Settings& settings) {
  tasks::check(settings.tasks);
  check_one_way(settings);
  check_judge(settings.judge);
  for (const ModelEntry& entry : settings.models)
    if (!entry.folder.empty() + !entry.endpoint.empty() + !entry.predictions.empty() != 1)
      throw config_error("each of models needs either folder or endpoint or predictions",
                         "e.g. --set models='[{\"folder\": \"runs/a\"}, {\"endpoint\": \"NAME\"}]'");
}

}  // namespace film::evaluation

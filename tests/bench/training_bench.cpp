// One training step after another on given sequences, for tests/bench/{training,true_width}.py
// and tests/end_to_end/memory_plan_test.py. In a process of its own, so that the peak of its
// memory is training's.
//
//   film_bench_training JOB.json
//     {"model_folder" or "model": settings of a new one, "precision", "memory": settings, "steps", "threads",
//      "share", "pack_tokens", "rate", "checkpoint": folder to save to and load from, or "",
//      "examples": [{"context": [ids], "pairs": [[question ids, answer ids]]}]}
//   -> one line of JSON: seconds and loss of each step, bytes over idle at the peak, bytes that the plan said
#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>

#include "film/base/error.h"
#include "film/checkpoint/hugging_face.h"
#include "film/kernels/device.h"
#include "film/kernels/kernels.h"
#include "train/run_plan.h"
#include "train/train_step.h"

namespace film {

using at::Tensor;
namespace {

std::vector<batches::EncodedExample> read_examples(const Json& job) {
  std::vector<batches::EncodedExample> examples;
  for (const Json& e : job.at("examples")) {
    batches::EncodedExample example{e.at("context").get<text::TokenIds>(), {}};
    for (const Json& pair : e.at("pairs"))
      example.pairs.push_back({pair.at(0).get<text::TokenIds>(), pair.at(1).get<text::TokenIds>()});
    examples.push_back(std::move(example));
  }
  return examples;
}

engine::TrainSettings settings_of(const Json& job) {
  engine::TrainSettings settings;
  Fields fields;
  settings.describe(fields);
  for (const char* key : {"precision", "memory", "pack_tokens", "model", "model_folder"})
    if (job.contains(key)) fields.apply(Json{{key, job.at(key)}}, "job");
  settings.share_context = job.at("share").get<bool>();
  return settings;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Saves a checkpoint, fills the run with zeros, loads it, and compares every parameter by its sum of squares.
Json save_and_load(train::TrainingRun& run, const fs::path& folder) {
  checkpoint::TrainingState state = state_of(run);
  const auto norms = [&] {
    std::vector<double> list;
    for (const model::Parameter& p : run.parameters) list.push_back(kernels::squared_norm(p.weight));
    return list;
  };
  const std::vector<double> before = norms();
  auto start = std::chrono::steady_clock::now();
  const fs::path saved = checkpoint::save_checkpoint(folder, "step-1", run.config, run.parameters, state,
                                                     {run.weights.embedding_VD.scalar_type(), true, ""});
  const double save_seconds = seconds_since(start);
  run.weights.flat.zero_();
  start = std::chrono::steady_clock::now();
  checkpoint::load_checkpoint(saved, run.parameters, state);
  return {
      {"save_seconds", save_seconds}, {"load_seconds", seconds_since(start)}, {"equal", norms() == before}};
}

Json run(const Json& job) {
  at::set_num_threads(job.at("threads").get<int>());
  const std::uint64_t idle = engine::resident_memory();
  const engine::TrainSettings settings = settings_of(job);
  const bool fresh = settings.model_folder.empty();
  const at::ScalarType type = kernels::scalar_type(settings.precision);
  const engine::ModelConfig config =
      fresh ? settings.model
            : engine::model_config_from_hugging_face(fs::path(settings.model_folder) / "config.json");
  const std::vector<batches::EncodedExample> examples = read_examples(job);
  std::vector<batches::ExampleShape> shapes;
  for (const batches::EncodedExample& example : examples) shapes.push_back(example.shape());
  const engine::PassShape longest =
      train::longest_pass(config, shapes, train::pack_options(settings, config));
  const engine::MemoryPlan plan =
      engine::plan_memory(config, settings.precision, settings.memory, longest, std::uint64_t{1} << 62, 0);

  const fs::path scratch = job.value("checkpoint", "").empty()
                               ? fs::temp_directory_path()
                               : fs::path(job.at("checkpoint").get<std::string>());
  train::TrainingRun run = train::make_run(config, type, settings.memory, scratch);
  if (fresh)
    initialise(run, settings.init, 1);
  else
    load(run, settings.model_folder);
  run.activations.emplace(config, plan.saved, longest.rows, longest.answer_rows, type);
  const train::Optimizer optimizer(settings.optimizer, run.parameters);
  const batches::StepPlan step_plan = plan_step(shapes, train::pack_options(settings, config));
  const train::PackSource packs{step_plan.packs.size(), [&](std::size_t i) {
                                  return build_pack(step_plan.packs[i], step_plan.weights,
                                                    [&](std::size_t e) { return examples[e]; });
                                }};
  Json seconds = Json::array(), losses = Json::array(), items = Json::object();
  for (int step = 0; step < job.at("steps").get<int>(); ++step) {
    const train::StepMetrics metrics = train::train_step(run, optimizer, packs, job.at("rate").get<double>());
    seconds.push_back(metrics.seconds);
    losses.push_back(metrics.loss);
  }
  for (const engine::MemoryItem& item : plan.items) items[item.name] = item.bytes;
  Json result = {{"seconds", seconds},
                 {"losses", losses},
                 {"passes", packs.count},
                 {"idle", idle},
                 {"peak", engine::peak_memory() - idle},
                 {"planned", plan.total()},
                 {"items", items},
                 {"parameters", config.parameters()}};
  if (!job.value("checkpoint", "").empty()) result["checkpoint"] = save_and_load(run, scratch);
  result["peak_with_checkpoint"] = engine::peak_memory() - idle;
  return result;
}

}  // namespace
}  // namespace film

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: film_bench_training JOB.json\n", stderr);
    return 2;
  }
  try {
    std::puts(film::to_line(film::run(film::read_json(arguments[1]))).c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}

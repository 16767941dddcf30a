// One training step after another on given sequences, for tests/bench/training.py. In a process of its own,
// so that the peak of its memory is that of training.
//
//   film_bench_training MODEL_FOLDER JOB.json       JOB: {"precision", "keep", "state", "steps", "threads",
//     "share", "weighting", "rate", "examples": [{"context": [ids], "pairs": [[question ids, answer ids]]}]}
//   -> one line of JSON: seconds and loss of each step, bytes over idle at the peak, bytes that the plan said
#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>

#include "film/checkpoint/hugging_face.h"
#include "film/train/run_plan.h"
#include "film/train/train_step.h"

namespace film {
namespace {

std::vector<EncodedExample> read_examples(const Json& job) {
  std::vector<EncodedExample> examples;
  for (const Json& e : job.at("examples")) {
    EncodedExample example{e.at("context").get<TokenIds>(), {}};
    for (const Json& pair : e.at("pairs"))
      example.pairs.push_back({pair.at(0).get<TokenIds>(), pair.at(1).get<TokenIds>()});
    examples.push_back(std::move(example));
  }
  return examples;
}

Json run(const fs::path& model, const Json& job) {
  at::set_num_threads(job.at("threads").get<int>());
  const std::uint64_t idle = resident_memory();
  TrainSettings settings;
  settings.precision = job.at("precision").get<std::string>();
  settings.share_context = job.at("share").get<bool>();
  settings.loss_weighting = job.at("weighting").get<std::string>();
  settings.pack_tokens = job.at("pack_tokens").get<std::int64_t>();
  settings.memory.keep = job.at("keep").get<std::string>();
  settings.memory.state = job.at("state").get<std::string>();
  const at::ScalarType type = settings.precision == "bfloat16" ? at::kBFloat16 : at::kFloat;
  const ModelConfig config = model_config_from_hugging_face(model / "config.json");
  const std::vector<EncodedExample> examples = read_examples(job);
  std::vector<ExampleShape> shapes;
  for (const EncodedExample& example : examples) shapes.push_back(example.shape());
  const PassShape longest = longest_pass(config, shapes, pack_options(settings, config));
  const MemoryPlan plan = plan_memory(config, precision_of(settings.precision), settings.memory, longest,
                                      std::uint64_t{1} << 62, 0);

  TrainingRun run = make_run(config, type, settings.memory, fs::temp_directory_path());
  load(run, model);
  run.activations.emplace(config, plan.keep, longest.rows, longest.answer_rows, type);
  const Optimizer optimizer(settings.optimizer, config);
  const std::vector<Pack> packs = make_packs(examples, pack_options(settings, config));
  Json seconds = Json::array(), losses = Json::array();
  for (int step = 0; step < job.at("steps").get<int>(); ++step) {
    const StepMetrics metrics = train_step(run, optimizer, packs, job.at("rate").get<double>());
    seconds.push_back(metrics.seconds);
    losses.push_back(metrics.loss);
  }
  return {
      {"seconds", seconds},           {"losses", losses},        {"passes", packs.size()},     {"idle", idle},
      {"peak", peak_memory() - idle}, {"planned", plan.total()}, {"kept", plan.keep_summary()}};
}

}  // namespace
}  // namespace film

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: film_bench_training MODEL_FOLDER JOB.json\n", stderr);
    return 2;
  }
  try {
    std::puts(film::to_line(film::run(arguments[1], film::read_json(arguments[2]))).c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}

// One training step after another on given sequences, for tests/bench/{training,true_width}.py,
// tests/end_to_end/memory_plan_test.py and scripts/gpu_check.sh. In a process of its own, so that the peak of its
// memory is training's. No checkpoint is written unless it is asked for.
//
//   film_bench_training JOB.json
//     {"model_folder" or "model": settings of a new one, "device", "attention", "pad_lengths", "precision",
//      "memory": settings, "steps", "threads", "share", "pack_tokens", "rate",
//      "checkpoint": folder to save to and load from, or "",
//      "init": "settings", or "normal": made where the weights are, at once,
//      "examples": [{"context": [ids], "pairs": [[question ids, answer ids]]}], or {"count": N, "tokens": N}: random}
//   -> one line of JSON: seconds and loss of each step, bytes at the peak (on a CPU over idle), bytes that the plan said
#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>

#include "film/base/error.h"
#include "film/base/random.h"
#include "film/checkpoint/hugging_face.h"
#include "film/engine/fits.h"
#include "film/kernels/device.h"
#include "film/kernels/kernels.h"
#include "train/fitting_plan.h"
#include "train/run_inputs.h"
#include "train/train_step.h"

namespace film {

using at::Tensor;
namespace {

// One question with an answer of 32 tokens on a context each, `tokens` rows in all.
std::vector<batches::EncodedExample> random_examples(const Json& wanted, std::int64_t vocabulary) {
  constexpr std::int64_t kQuestion = 32, kAnswer = 32;
  Random random(1, "bench");
  const auto ids = [&](std::int64_t count) {
    text::TokenIds list(static_cast<std::size_t>(count));
    for (text::TokenId& id : list)
      id = static_cast<text::TokenId>(random.below(static_cast<std::uint64_t>(vocabulary)));
    return list;
  };
  std::vector<batches::EncodedExample> examples;
  for (std::int64_t i = 0; i < wanted.at("count").get<std::int64_t>(); ++i)
    examples.push_back({ids(wanted.at("tokens").get<std::int64_t>() - kQuestion - kAnswer + 1),
                        {{ids(kQuestion), ids(kAnswer)}}});
  return examples;
}

std::vector<batches::EncodedExample> read_examples(const Json& job, std::int64_t vocabulary) {
  if (job.at("examples").is_object()) return random_examples(job.at("examples"), vocabulary);
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
  for (const char* key : {"precision", "memory", "pack_tokens", "model", "model_folder", "device",
                          "attention", "deterministic", "pad_lengths"})
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

// The plan with which the run is made: on a GPU for what is free there, on a CPU without a limit.
struct Plan {
  engine::PassShape longest;
  engine::MemoryPlan memory;
  std::uint64_t idle = 0;  // bytes taken before
};

Plan plan_of(const engine::TrainSettings& settings, const engine::ModelConfig& config,
             const std::vector<batches::ExampleShape>& shapes, const train::PlanTarget& target, bool on_gpu) {
  Plan plan{train::longest_pass(config, shapes, train::pack_options(settings, config, target.device)), {}, 0};
  plan.longest.deterministic = settings.deterministic;
  engine::MemoryPlaces places = target.places;
  if (!on_gpu) {
    plan.idle = engine::resident_memory();
    places.base = 0;
    places.limit = std::uint64_t{1} << 62;
  }
  plan.memory =
      plan_offload(config, settings.precision, settings.memory, plan.longest, places, target.device);
  if (on_gpu) require_memory(plan.memory, target.most, settings);
  return plan;
}

void set_weights(train::TrainingRun& run, const engine::TrainSettings& settings, const Json& job) {
  if (!settings.model_folder.empty()) return load(run, settings.model_folder);
  if (job.value("init", "settings") == "settings") return initialise(run, settings.init, 1);
  run.weights.flat.normal_(0, 0.02);
  for (const model::Parameter& p : run.parameters)
    if (p.kind == model::ParameterKind::norm) Tensor(p.weight).fill_(1);
}

std::uint64_t peak_on(const at::Device& device) {
  if (!device.is_cuda()) return engine::peak_memory();
  const kernels::DeviceMemory memory = kernels::device_memory(device);
  return memory.total - memory.free - memory.reserved + memory.peak_reserved;
}

Json run(const Json& job) {
  at::set_num_threads(job.at("threads").get<int>());
  const engine::TrainSettings settings = settings_of(job);
  const at::Device device = train::open_device(settings);
  const auto options = at::device(device).dtype(kernels::scalar_type(settings.precision));
  const fs::path scratch = job.value("checkpoint", "").empty()
                               ? fs::temp_directory_path()
                               : fs::path(job.at("checkpoint").get<std::string>());
  const engine::ModelConfig config = train::config_of(settings, settings.model_folder);
  const std::vector<batches::EncodedExample> examples = read_examples(job, config.vocab_size);
  std::vector<batches::ExampleShape> shapes;
  for (const batches::EncodedExample& example : examples) shapes.push_back(example.shape());
  const train::PlanTarget target = train::target_here(device, settings, scratch);
  const Plan plan = plan_of(settings, config, shapes, target, device.is_cuda());

  train::TrainingRun run =
      train::make_run(config, options, train::decided(settings.memory, plan.memory), scratch);
  set_weights(run, settings, job);
  run.activations.emplace(config, plan.memory.saved, plan.longest.rows, plan.longest.answer_rows, options);
  const train::Optimizer optimizer(settings.optimizer, run.parameters);
  const batches::StepPlan step_plan = plan_step(shapes, train::pack_options(settings, config, target.device));
  const train::PackSource packs{step_plan.packs.size(), [&](std::size_t i) {
                                  return build_pack(step_plan.packs[i], step_plan.weights,
                                                    [&](std::size_t e) { return examples[e]; });
                                }};
  Json seconds = Json::array(), losses = Json::array(), items = Json::object();
  std::uint64_t tokens = 0;
  for (int step = 0; step < job.at("steps").get<int>(); ++step) {
    const train::StepMetrics metrics = train::train_step(run, optimizer, packs, job.at("rate").get<double>());
    seconds.push_back(metrics.seconds);
    losses.push_back(metrics.loss);
    tokens = metrics.tokens;
  }
  double flops = 0;
  for (const batches::PackPlan& pack : step_plan.packs) {
    train::PassCost cost;
    for (const batches::PlannedSequence& sequence : pack.sequences)
      cost.add(shapes[sequence.example], sequence);
    flops += train::model_flops(config, cost);
  }
  for (const engine::MemoryItem& item : plan.memory.items) items[item.name] = item.bytes;
  Json result = {{"seconds", seconds},
                 {"losses", losses},
                 {"passes", packs.count},
                 {"tokens", tokens},
                 {"flops", flops},
                 {"idle", plan.idle},
                 {"peak", peak_on(device) - plan.idle},
                 {"planned", plan.memory.total()},
                 {"offload", name_of(plan.memory.offload)},
                 {"saved", plan.memory.saved_summary()},
                 {"items", items},
                 {"parameters", config.parameters()}};
  if (!job.value("checkpoint", "").empty()) result["checkpoint"] = save_and_load(run, scratch);
  result["peak_with_checkpoint"] = peak_on(device) - plan.idle;
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

#include "film/train/train_loop.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/parallel.h"
#include "film/base/signals.h"
#include "film/kernels/device.h"
#include "film/train/run_plan.h"
#include "film/train/train_step.h"

namespace film::train {
namespace {

// The shape of the model that is trained.
engine::ModelConfig config_of(const engine::TrainSettings& settings) {
  if (settings.model_folder.empty()) return settings.model;
  engine::ModelConfig config =
      engine::model_config_from_hugging_face(fs::path(settings.model_folder) / "config.json");
  settings.changes.apply(config);
  return config;
}

// All data is opened before anything is written.
std::vector<StageData> open_stages(const engine::TrainSettings& settings, const text::Tokenizer& tokenizer,
                                   const engine::ModelConfig& config) {
  if (tokenizer.vocab_size() > static_cast<std::size_t>(config.vocab_size))
    throw config_error(fmt::format("the tokenizer has {} pieces, the model only {} rows of embedding",
                                   tokenizer.vocab_size(), config.vocab_size),
                       "give the model's own tokenizer, or set model.vocab_size");
  std::vector<StageData> stages;
  for (std::size_t i = 0; i < settings.stages.size(); ++i)
    stages.emplace_back(settings, static_cast<std::int64_t>(i), tokenizer);
  return stages;
}

at::ScalarType type_of(const std::string& name) { return name == "bfloat16" ? at::kBFloat16 : at::kFloat; }

// Views of what a checkpoint keeps beside the weights.
checkpoint::TrainingState state_of(const TrainingRun& run) {
  return {.first_moment = run.optimizer.first_moment(),
          .second_moment = run.optimizer.second_moment(),
          .remainder = run.optimizer.remainder(),
          .release = [&run](const Tensor& view) { run.optimizer.release(view); },
          .loop = to_json(run.loop)};
}

// The state of the newest complete checkpoint, if there is one.
void resume(TrainingRun& run, const fs::path& folder) {
  const auto checkpoint = checkpoint::latest_checkpoint(folder);
  if (!checkpoint) return;
  checkpoint::TrainingState state = state_of(run);
  checkpoint::load_checkpoint(*checkpoint, run.config, run.weights, state);
  run.loop = loop_state_from_json(state.loop);
  info(fmt::format("going on from {} (step {})", checkpoint->string(), run.loop.step));
}

class Loop {
 public:
  Loop(const engine::TrainSettings& settings, const OutputFolder& folder)
      : settings_(settings),
        folder_(folder.path()),
        device_(kernels::choose_device(settings.device)),
        tokenizer_(text::Tokenizer::load(settings.tokenizer)),
        config_(config_of(settings)),
        stages_(open_stages(settings, tokenizer_, config_)),
        plan_(plan_run(settings, config_, stages_, device_)),
        run_(make_run(config_, options(), settings.memory, folder_)),
        optimizer_(settings.optimizer, config_) {
    say_plan();
    run_.activations.emplace(config_, plan_.memory.keep, plan_.longest.rows, plan_.longest.answer_rows,
                             options());
    make_folder(folder_ / "checkpoints");
    write_memory(false);
    settings.model_folder.empty() ? begin_new() : load(run_, settings.model_folder);
    resume(run_, folder_);
  }

  Json run() {
    MetricsLog log(folder_, run_.loop, plan_.steps);
    run_steps(log);
    log.sync();
    log.finish();
    const fs::path last = save();
    write_memory(true);
    return facts(last);
  }

 private:
  at::TensorOptions options() const { return at::device(device_).dtype(type_of(settings_.precision)); }

  void say_plan() const {
    info(fmt::format("{} in {} on {}; {} stages, at most {} steps, {} threads", config_.summary(),
                     settings_.precision, device_name(), stages_.size(), plan_.steps, at::get_num_threads()));
    info(fmt::format("memory: {:.2f} GiB at most; kept for the backward: {}",
                     static_cast<double>(plan_.memory.total()) / (1ull << 30), plan_.memory.keep_summary()));
  }

  // The plan and, at the end, the peak: a log, since they depend on the machine of the moment.
  void write_memory(bool finished) const {
    Json memory = memory_json(plan_.memory);
    if (finished) memory["peak"] = peak();
    write_file(folder_ / "memory.json", to_pretty(memory));
  }

  std::string device_name() const {
    return device_.is_cuda() ? kernels::describe_card().at("name").get<std::string>() : "the CPU";
  }

  // Where the plan is about: the card's memory, or the process's.
  std::uint64_t peak() const {
    return device_.is_cuda() ? kernels::card_memory(device_).peak_reserved : engine::peak_memory();
  }

  // A new model's starting point is kept, so that before and after can be compared.
  void begin_new() {
    initialise(run_, settings_.init, settings_.seed);
    checkpoint::save_checkpoint(folder_, "initial", config_, run_.weights, {},
                                {type_of(settings_.precision), false, settings_.tokenizer});
  }

  const engine::StageSettings& stage_settings() const {
    return settings_.stages[static_cast<std::size_t>(run_.loop.stage)];
  }

  // Steps until the run ends. The stage is left in the same breath as its last step, so that the state after
  // step n is the same however often the run was stopped.
  void run_steps(MetricsLog& log) {
    while (run_.loop.stage < static_cast<std::int64_t>(stages_.size())) {
      StageData& data = stages_[static_cast<std::size_t>(run_.loop.stage)];
      step(data, log);
      if (run_.loop.stage_step >= data.steps() || learned()) leave_stage();
      if (stop_signal() != 0) stop(log);
      if (run_.loop.step % settings_.save_every == 0) save_and_prune(log);
    }
  }

  void leave_stage() {
    debug(fmt::format("stage {} ended at step {} with {:.1f} % right", stage_settings().name, run_.loop.step,
                      100 * run_.loop.mean_accuracy()));
    ++run_.loop.stage;
    run_.loop.stage_step = 0;
    run_.loop.place = 0;
    run_.loop.accuracy = run_.loop.accuracy_weight = 0;
  }

  bool learned() const {
    return stage_settings().stop_accuracy > 0 && run_.loop.accuracy_weight > 0.5 &&
           run_.loop.mean_accuracy() > stage_settings().stop_accuracy;
  }

  void step(StageData& data, MetricsLog& log) {
    const std::vector<batches::EncodedExample> examples = data.read(run_.loop.place);
    const std::vector<batches::Pack> packs = batches::make_packs(examples, pack_options(settings_, config_));
    const double rate = stage_settings().schedule.at(run_.loop.stage_step, data.steps());
    const StepMetrics metrics = train_step(run_, optimizer_, packs, rate);
    run_.loop.place += examples.size();
    const double keep = settings_.accuracy_smoothing;
    run_.loop.accuracy = keep * run_.loop.accuracy + (1 - keep) * metrics.accuracy;
    run_.loop.accuracy_weight = keep * run_.loop.accuracy_weight + (1 - keep);
    log.row(run_.loop, stage_settings().name, metrics);
    if (!metrics.applied)
      warn(fmt::format("step {}: loss {} and gradient norm {}: not applied", run_.loop.step, metrics.loss,
                       metrics.gradient_norm));
    if (run_.loop.bad_steps >= settings_.max_bad_steps)
      throw diverged(fmt::format("{} steps in a row had no finite loss or gradient", run_.loop.bad_steps),
                     "lower the learning rate; the last checkpoint is kept");
  }

  fs::path save() {
    return checkpoint::save_checkpoint(
        folder_, checkpoint::checkpoint_name(run_.loop.step), config_, run_.weights, state_of(run_),
        {type_of(settings_.save_type), settings_.save_state, settings_.tokenizer});
  }

  void save_and_prune(MetricsLog& log) {
    log.sync();
    save();
    checkpoint::prune_checkpoints(folder_, settings_.keep_checkpoints);
  }

  [[noreturn]] void stop(MetricsLog& log) {
    log.sync();
    const fs::path checkpoint = save();
    throw stopped(fmt::format("stopped by signal {} at step {}; saved {}", stop_signal(), run_.loop.step,
                              checkpoint.string()),
                  "run the same command again to go on");
  }

  Json facts(const fs::path& final_checkpoint) const {
    Json left_out = Json::array();
    for (const StageData& stage : stages_)
      for (const std::string& name : stage.left_out()) left_out.push_back(name);
    return {{"model", config_.summary()},
            {"device", device_name()},
            {"steps", run_.loop.step},
            {"pairs", run_.loop.pairs},
            {"tokens", run_.loop.tokens},
            {"tokenizer_sha256", tokenizer_.sha256()},
            {"left_out", left_out},
            {"final_checkpoint", fs::relative(final_checkpoint, folder_).generic_string()}};
  }

  const engine::TrainSettings& settings_;
  fs::path folder_;
  at::Device device_;
  text::Tokenizer tokenizer_;
  engine::ModelConfig config_;
  std::vector<StageData> stages_;
  RunPlan plan_;
  TrainingRun run_;
  Optimizer optimizer_;
};

}  // namespace

Json plan_training(const engine::TrainSettings& settings) {
  const at::Device device = kernels::choose_device(settings.device);
  at::set_num_threads(thread_count(static_cast<int>(settings.threads)));
  const text::Tokenizer tokenizer = text::Tokenizer::load(settings.tokenizer);
  const engine::ModelConfig config = config_of(settings);
  std::vector<StageData> stages = open_stages(settings, tokenizer, config);
  return describe_plan(settings, config, plan_run(settings, config, stages, device), device);
}

Json train(const engine::TrainSettings& settings, OutputFolder& folder) {
  at::set_num_threads(thread_count(static_cast<int>(settings.threads)));
  Loop loop(settings, folder);
  const Json facts = loop.run();
  const fs::path final_checkpoint = facts.at("final_checkpoint").get<std::string>();
  std::vector<fs::path> files;
  const Json manifest = read_json(folder.path() / final_checkpoint / "MANIFEST.json");
  for (const Json& entry : manifest.at("files"))
    files.push_back(final_checkpoint / entry.at("path").get<std::string>());
  folder.finish(files, facts);
  return facts;
}

}  // namespace film::train

#include "film/train/train_loop.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <optional>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/manifest.h"
#include "film/base/parallel.h"
#include "film/base/signals.h"
#include "film/folders/model_folder.h"
#include "film/kernels/device.h"
#include "film/model/attention_choice.h"
#include "fitting_plan.h"
#include "run_inputs.h"
#include "train_step.h"

namespace film::train {
namespace {

class Loop {
 public:
  // Plans, allocates, and sets the weights: those of the newest complete checkpoint, or those that a new
  // run begins with.
  Loop(const engine::TrainSettings& settings, const OutputFolder& folder)
      : settings_(settings),
        folder_(folder.path()),
        device_(open_device(settings)),
        tokenizer_(text::Tokenizer::load(settings.tokenizer)),
        base_(base_of(settings, folder_)),
        config_(config_of(settings, base_)),
        origin_(engine::FolderOrigin::of(base_, tokenizer_)),
        stages_(open_stages(settings, tokenizer_, config_)),
        plan_(fitting_plan(settings, config_, stages_, device_, folder_)),
        run_(make_run(config_, options(), decided(settings.memory, plan_.memory), folder_)),
        optimizer_(settings.optimizer, run_.parameters) {
    say_plan();
    run_.activations.emplace(config_, plan_.memory.saved, plan_.longest.rows, plan_.longest.answer_rows,
                             options());
    make_folder(folder_ / "checkpoints");
    write_memory(false);
    if (const auto checkpoint = checkpoint::latest_checkpoint(folder_))
      resume(*checkpoint);
    else
      begin();
  }

  TrainFacts run() {
    MetricsLog log(folder_, run_.loop, plan_.steps);
    run_steps(log);
    log.sync();
    log.finish();
    require_applied_step();
    const fs::path last = save();
    write_memory(true);
    return facts(last);
  }

 private:
  at::TensorOptions options() const {
    return at::device(device_).dtype(kernels::scalar_type(settings_.precision));
  }

  void say_plan() const {
    info(fmt::format("{} in {} on {}; {}, at most {}, {} threads", config_.summary(),
                     name_of(settings_.precision), device_name(), counted(stages_.size(), "stage"),
                     counted(static_cast<std::uint64_t>(plan_.steps), "step"), at::get_num_threads()));
    info(fmt::format("memory: {:.2f} GiB at most; kept for the backward pass: {}",
                     static_cast<double>(plan_.memory.total()) / (1ull << 30), plan_.memory.saved_summary()));
    if (settings_.memory.offload == engine::Offload::automatic &&
        plan_.memory.offload != engine::Offload::none)
      info(fmt::format("optimizer state: memory.offload={} (auto)", name_of(plan_.memory.offload)));
  }

  // The plan and, at the end, the peak: a log, since they depend on the machine of the moment.
  void write_memory(bool finished) const {
    Json memory = to_json(plan_.memory);
    if (finished) memory["peak"] = peak();
    write_file(folder_ / "memory.json", to_pretty(memory));
  }

  std::string device_name() const {
    return device_.is_cuda() ? kernels::device_facts(device_).name : "the CPU";
  }

  // Of the memory that the plan is about: the GPU's, with what lies outside Torch's allocator, or the process's.
  std::uint64_t peak() const {
    if (!device_.is_cuda()) return engine::peak_memory();
    const kernels::DeviceMemory memory = kernels::device_memory(device_);
    return memory.total - memory.free - memory.reserved + memory.peak_reserved;
  }

  void resume(const fs::path& checkpoint) {
    if (!settings_.model_folder.empty()) require_same_base(base_, config_, origin_, checkpoint);
    checkpoint::TrainingState state = state_of(run_);
    load_checkpoint(checkpoint, run_.parameters, state);
    run_.loop = from_json<LoopState>(state.loop, "training/loop.json");
    saved_ = {run_.loop.step, checkpoint};
    info(fmt::format("resuming from {} (step {})", checkpoint.string(), run_.loop.step));
  }

  // A new model's starting point is kept, so that before and after can be compared.
  void begin() {
    if (!settings_.model_folder.empty()) {
      folders::ModelFolder(settings_.model_folder).require_unchanged();
      return load(run_, settings_.model_folder);
    }
    fs::remove_all(folder_ / "checkpoints" / "initial");  // perhaps of other settings
    initialise(run_, settings_.init, settings_.seed);
    checkpoint::save_checkpoint(
        folder_, "initial", config_, run_.parameters, {},
        {kernels::scalar_type(settings_.precision), false, settings_.tokenizer, origin_});
  }

  const engine::StageSettings& stage_settings() const {
    return settings_.stages[static_cast<std::size_t>(run_.loop.stage)];
  }

  // Steps until the run ends. A stage is left immediately after its last step, so that a checkpoint at step n
  // is the same whether or not the run was interrupted.
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
    debug(fmt::format("stage {} ended at step {} with an accuracy of {:.1f} %", stage_settings().name,
                      run_.loop.step, 100 * run_.loop.mean_accuracy()));
    ++run_.loop.stage;
    run_.loop.stage_step = 0;
    run_.loop.cursor = 0;
    run_.loop.accuracy = run_.loop.accuracy_weight = 0;
  }

  bool learned() const {
    return stage_settings().stop_accuracy > 0 && run_.loop.accuracy_weight > 0.5 &&
           run_.loop.mean_accuracy() > stage_settings().stop_accuracy;
  }

  // The packs of the step at hand, each encoded when its turn comes.
  PackSource packs(StageData& data) const {
    const batches::StepPlan& step = plan_.stages[static_cast<std::size_t>(run_.loop.stage)]
                                                [static_cast<std::size_t>(run_.loop.stage_step)];
    const std::uint64_t first = run_.loop.cursor;
    return {step.packs.size(), [&data, &step, first](std::size_t i) {
              return build_pack(step.packs[i], step.weights,
                                [&](std::size_t e) { return data.encode(first + e); });
            }};
  }

  void step(StageData& data, MetricsLog& log) {
    const double rate = stage_settings().schedule.at(run_.loop.stage_step, data.steps());
    const StepMetrics metrics = train_step(run_, optimizer_, packs(data), rate);
    if (metrics.dropped) stop(log);
    run_.loop.cursor += static_cast<std::uint64_t>(stage_settings().batch);
    const double keep = settings_.accuracy_smoothing;
    run_.loop.accuracy = keep * run_.loop.accuracy + (1 - keep) * metrics.accuracy;
    run_.loop.accuracy_weight = keep * run_.loop.accuracy_weight + (1 - keep);
    log.row(run_.loop, stage_settings().name, metrics);
    if (!metrics.applied) {
      warn(fmt::format("step {}: loss {} and gradient norm {}: not applied", run_.loop.step, metrics.loss,
                       metrics.gradient_norm));
      if (device_.is_cuda())
        model::leave_cudnn("a step was not finite");  // perhaps its fault: once is enough
    }
    if (run_.loop.bad_steps >= settings_.max_bad_steps)
      throw diverged(fmt::format("{} steps in a row had no finite loss or gradient", run_.loop.bad_steps),
                     "lower the learning rate; the last checkpoint remains");
  }

  // A run that never changed its weights has trained nothing.
  void require_applied_step() const {
    if (run_.loop.bad_steps < run_.loop.step || run_.loop.step == 0) return;
    throw diverged(
        fmt::format("none of {} steps was applied: no loss or gradient was finite", run_.loop.step),
        "are the model's weights finite? else lower the learning rate");
  }

  // The checkpoint of this step, written unless it is there already.
  fs::path save() {
    if (!saved_ || saved_->first != run_.loop.step)
      saved_ = {run_.loop.step,
                checkpoint::save_checkpoint(folder_, checkpoint::checkpoint_name(run_.loop.step), config_,
                                            run_.parameters, state_of(run_),
                                            {kernels::scalar_type(settings_.save_type), settings_.save_state,
                                             settings_.tokenizer, origin_})};
    return saved_->second;
  }

  void save_and_prune(MetricsLog& log) {
    log.sync();
    save();
    checkpoint::prune_checkpoints(folder_, settings_.keep_checkpoints);
  }

  [[noreturn]] void stop(MetricsLog& log) {
    log.sync();
    const fs::path checkpoint = save();
    throw stopped(fmt::format("stopped by {} at step {}; saved {}", signal_name(stop_signal()),
                              run_.loop.step, checkpoint.string()),
                  "run the same command again to resume");
  }

  TrainFacts facts(const fs::path& final_checkpoint) const {
    TrainFacts facts;
    facts.model = config_.summary();
    facts.device = device_name();
    facts.steps = run_.loop.step;
    facts.pairs = static_cast<std::int64_t>(run_.loop.pairs);
    facts.tokens = static_cast<std::int64_t>(run_.loop.tokens);
    facts.tokenizer_sha256 = tokenizer_.sha256();
    for (const StageData& stage : stages_)
      for (const std::string& name : stage.left_out()) facts.left_out.push_back(name);
    facts.final_checkpoint = fs::relative(final_checkpoint, folder_).generic_string();
    return facts;
  }

  const engine::TrainSettings& settings_;
  fs::path folder_;
  at::Device device_;
  text::Tokenizer tokenizer_;
  fs::path base_;
  engine::ModelConfig config_;
  engine::FolderOrigin origin_;
  std::vector<StageData> stages_;
  RunPlan plan_;
  TrainingRun run_;
  Optimizer optimizer_;
  std::optional<std::pair<std::int64_t, fs::path>> saved_;  // step and folder of the newest checkpoint
};

// The files of the final checkpoint as its own manifest has them: their hashes were taken when
// it was written.
std::vector<ManifestFile> result_files(const fs::path& run, const fs::path& final_checkpoint) {
  std::vector<ManifestFile> files = Manifest::read(run / final_checkpoint / "MANIFEST.json").files();
  for (ManifestFile& file : files) file.path = (final_checkpoint / file.path).generic_string();
  return files;
}

}  // namespace

TrainFacts train(const engine::TrainSettings& settings, OutputFolder& folder) {
  at::set_num_threads(thread_count(static_cast<int>(settings.threads)));
  Loop loop(settings, folder);
  const TrainFacts facts = loop.run();
  folder.finish_known(result_files(folder.path(), facts.final_checkpoint), to_json(facts));
  return facts;
}

}  // namespace film::train

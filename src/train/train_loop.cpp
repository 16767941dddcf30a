#include "film/train/train_loop.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/log.h"
#include "film/base/manifest.h"
#include "film/base/signals.h"
#include "film/kernels/device.h"
#include "film/model/attention_choice.h"
#include "fitting_plan.h"
#include "memory_log.h"
#include "run_checkpoints.h"
#include "run_inputs.h"
#include "run_team.h"
#include "train_step.h"

namespace film::train {
namespace {

class Loop {
 public:
  // Plans, allocates, and sets the weights: those of the newest complete checkpoint, or those that a new
  // run begins with.
  Loop(const engine::TrainSettings& settings, const engine::TrainProcess& process, ranks::Team& team)
      : settings_(settings),
        team_(team),
        folder_(process.path),
        device_(open_device(settings, process.place)),
        tokenizer_(text::Tokenizer::load(settings.tokenizer)),
        base_(base_of(settings, folder_)),
        config_(config_of(settings, base_)),
        origin_(engine::FolderOrigin::of(base_, tokenizer_)),
        sharing_(sharing_for(settings, config_, team)),
        stages_(open_stages(settings, tokenizer_, config_)),
        plan_(fitting_plan(settings, config_, stages_, device_, folder_, team, sharing_)),
        run_(make_memory()),
        checkpoints_({settings, config_, origin_, base_, folder_}, run_, team),
        optimizer_(settings.optimizer, run_.parameters) {
    say_plan();
    run_.activations.emplace(config_, plan_.memory.saved,
                             engine::most_rows(plan_.longest.rows, sharing_.sequence),
                             plan_.longest.answer_rows, options());
    if (team_.leads()) {
      make_folder(folder_ / "checkpoints");
      write_memory_log(folder_, plan_.memory);
    }
    checkpoints_.begin_or_resume();
    team_.wait_for_all();
  }

  TrainFacts run() {
    if (team_.leads()) log_.emplace(folder_, run_.loop, plan_.steps);
    run_steps();
    if (log_) log_->sync();
    if (log_) log_->finish();
    require_applied_step();
    const fs::path last = checkpoints_.save();
    if (team_.leads()) write_memory_log(folder_, plan_.memory, device_, team_);
    return facts(last);
  }

 private:
  at::TensorOptions options() const {
    return at::device(device_).dtype(kernels::scalar_type(settings_.precision));
  }

  TrainingRun make_memory() {
    require_same_plan(team_, plan_);
    team_.use(device_);
    return make_run(config_, options(), decided(settings_.memory, plan_.memory), folder_, {},
                    {sharing_, &team_});
  }

  void say_plan() const {
    const std::string ranks =
        team_.size() > 1 ? fmt::format("{} ranks (shard={}), each ", team_.size(), name_of(settings_.shard))
                         : "";
    info(fmt::format("{} in {} on {}{}; {}, at most {}, {}", config_.summary(), name_of(settings_.precision),
                     ranks, device_name(), counted(stages_.size(), "stage"),
                     counted(static_cast<std::uint64_t>(plan_.steps), "step"),
                     counted(static_cast<std::uint64_t>(at::get_num_threads()), "thread")));
    info(fmt::format("memory: {:.2f} GiB at most; kept for the backward pass: {}",
                     static_cast<double>(plan_.memory.total()) / (1ull << 30), plan_.memory.saved_summary()));
    if (settings_.memory.offload == engine::Offload::automatic &&
        plan_.memory.offload != engine::Offload::none)
      info(fmt::format("optimizer state: memory.offload={} (auto)", name_of(plan_.memory.offload)));
  }

  std::string device_name() const {
    return device_.is_cuda() ? kernels::device_facts(device_).name : "the CPU";
  }

  const engine::StageSettings& stage_settings() const {
    return settings_.stages[static_cast<std::size_t>(run_.loop.stage)];
  }

  // Steps until the run ends. A stage is left immediately after its last step, so that a checkpoint at step n
  // is the same whether or not the run was interrupted.
  void run_steps() {
    while (run_.loop.stage < static_cast<std::int64_t>(stages_.size())) {
      StageData& data = stages_[static_cast<std::size_t>(run_.loop.stage)];
      const bool asked = step(data);
      if (run_.loop.stage_step >= data.steps() || learned()) leave_stage();
      if (asked) stop();
      if (run_.loop.step % settings_.save_every == 0) save_and_prune();
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

  // This process's packs of the step at hand, each encoded when its turn comes.
  PackSource packs(StageData& data) const {
    const batches::StepPlan& step = plan_.stages[static_cast<std::size_t>(run_.loop.stage)]
                                                [static_cast<std::size_t>(run_.loop.stage_step)];
    const auto shares = shares_of(step, sharing_);
    const std::vector<std::size_t>& own = shares[static_cast<std::size_t>(team_.rank() / sharing_.sequence)];
    const std::size_t most = std::ranges::max(shares, {}, &std::vector<std::size_t>::size).size();
    const std::uint64_t first = run_.loop.cursor;
    return {own.size(),
            [&data, &step, own, first](std::size_t i) {
              return build_pack(step.packs[own[i]], step.weights,
                                [&](std::size_t e) { return data.encode(first + e); });
            },
            most};
  }

  // Whether any process was asked to stop.
  bool step(StageData& data) {
    const double rate = stage_settings().schedule.at(run_.loop.stage_step, data.steps());
    const StepMetrics metrics = train_step(run_, optimizer_, packs(data), rate, team_);
    if (metrics.dropped) stop();
    run_.loop.cursor += static_cast<std::uint64_t>(stage_settings().batch);
    const double keep = settings_.accuracy_smoothing;
    run_.loop.accuracy = keep * run_.loop.accuracy + (1 - keep) * metrics.accuracy;
    run_.loop.accuracy_weight = keep * run_.loop.accuracy_weight + (1 - keep);
    if (log_) log_->row(run_.loop, stage_settings().name, metrics);
    if (!metrics.applied) {
      warn(fmt::format("step {}: loss {} and gradient norm {}: not applied", run_.loop.step, metrics.loss,
                       metrics.gradient_norm));
      if (device_.is_cuda())
        model::leave_cudnn("a step was not finite");  // perhaps its fault: once is enough
    }
    if (run_.loop.bad_steps >= settings_.max_bad_steps)
      team_.all_throw(
          diverged(fmt::format("{} steps in a row had no finite loss or gradient", run_.loop.bad_steps),
                   "lower the learning rate; the last checkpoint remains"));
    return metrics.stop || (team_.size() == 1 && stop_signal() != 0);
  }

  // A run that never changed its weights has trained nothing.
  void require_applied_step() const {
    if (run_.loop.bad_steps < run_.loop.step || run_.loop.step == 0) return;
    team_.all_throw(
        diverged(fmt::format("none of {} steps was applied: no loss or gradient was finite", run_.loop.step),
                 "are the model's weights finite? else lower the learning rate"));
  }

  void save_and_prune() {
    if (log_) log_->sync();
    checkpoints_.save();
    checkpoints_.prune();
  }

  [[noreturn]] void stop() {
    if (log_) log_->sync();
    const fs::path checkpoint = checkpoints_.save();
    int signal = 0;
    for (const std::string& number : team_.gather(std::to_string(team_.stop_signal())))
      signal = std::max(signal, std::stoi(number));
    team_.all_throw(stopped(fmt::format("stopped by {} at step {}; saved {}", signal_name(signal),
                                        run_.loop.step, checkpoint.string()),
                            "run the same command again to resume"));
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
  ranks::Team& team_;
  fs::path folder_;
  at::Device device_;
  text::Tokenizer tokenizer_;
  fs::path base_;
  engine::ModelConfig config_;
  engine::FolderOrigin origin_;
  engine::Sharing sharing_;
  std::vector<StageData> stages_;
  RunPlan plan_;
  TrainingRun run_;
  RunCheckpoints checkpoints_;
  Optimizer optimizer_;
  std::optional<MetricsLog> log_;  // of rank 0
};

// The files of the final checkpoint as its own manifest has them: their hashes were taken when
// it was written.
std::vector<ManifestFile> result_files(const fs::path& run, const fs::path& final_checkpoint) {
  std::vector<ManifestFile> files = Manifest::read(run / final_checkpoint / "MANIFEST.json").files();
  for (ManifestFile& file : files) file.path = (final_checkpoint / file.path).generic_string();
  return files;
}

}  // namespace

TrainFacts train(const engine::TrainSettings& settings, const engine::TrainProcess& process) {
  ranks::Team team(process.place, settings.ranks);
  return team.guard([&] {
    const std::unique_ptr<OutputFolder> folder = team.leads() ? process.open() : nullptr;
    const std::string before =
        team.from_leader(folder && team.size() > 1 && folder->finished() ? to_line(folder->manifest()) : "");
    if (!before.empty()) {
      info(process.path.string() + " holds a finished run: nothing to do");
      return from_json<TrainFacts>(parse_json(before, "manifest.json"), "manifest.json");
    }
    require_same_settings(team, settings);
    at::set_num_threads(threads_for(settings, team));
    Loop loop(settings, process, team);
    const TrainFacts facts = loop.run();
    if (folder) folder->finish_known(result_files(process.path, facts.final_checkpoint), to_json(facts));
    team.wait_for_all();
    return facts;
  });
}

}  // namespace film::train

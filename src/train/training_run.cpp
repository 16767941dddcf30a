#include "film/train/training_run.h"

#include "film/kernels/kernels.h"

namespace film::train {

TrainingRun make_run(const engine::ModelConfig& config, const at::TensorOptions& options,
                     const engine::MemorySettings& memory, const fs::path& folder) {
  engine::return_freed_memory();
  TrainingRun run;
  run.config = config;
  run.weights = model::empty_tensors(config, options);
  run.gradients = model::zero_tensors(config, options.dtype(kernels::sum_type(run.weights.embedding_VD)));
  run.optimizer = OptimizerState(config, options, memory, folder);
  return run;
}

namespace {

// Weight and remainder may be on different devices: the state's tiers.
void split_into(const Tensor& master, Tensor& high, Tensor& low) {
  if (high.is_cpu() && low.is_cpu()) return kernels::split_master(master, high, low);
  Tensor upper = at::empty(master.sizes(), at::kBFloat16), lower = at::empty(master.sizes(), at::kShort);
  kernels::split_master(master, upper, lower);
  high.copy_(upper);
  low.copy_(lower);
}

}  // namespace

void initialise(TrainingRun& run, const engine::InitSettings& init, std::uint64_t seed) {
  const checkpoint::NamedTensors remainder = run.optimizer.remainder();
  std::size_t i = 0;
  model::for_each_parameter(
      run.weights, run.config, [&](const std::string& name, Tensor x, model::ParameterKind kind) {
        const Tensor value = model::initial_value(run.config, init, seed, name, x.sizes(), kind);
        if (remainder.empty()) {
          x.copy_(value);
        } else {
          Tensor low = remainder[i++].second;
          split_into(value, x, low);
          run.optimizer.release(low);
        }
      });
}

void load(TrainingRun& run, const fs::path& model_folder) {
  checkpoint::load_weights(model_folder, run.config, run.weights, run.optimizer.remainder(),
                           [&](const Tensor& low) { run.optimizer.release(low); });
}

}  // namespace film::train

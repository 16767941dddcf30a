#include "film/train/training_run.h"

#include "film/kernels/kernels.h"

namespace film {

TrainingRun make_run(const ModelConfig& config, at::ScalarType type, const MemorySettings& memory,
                     const fs::path& folder) {
  return_freed_memory();
  TrainingRun run;
  run.config = config;
  run.weights = empty_tensors(config, type);
  run.gradients = zero_tensors(config, kernels::sum_type(run.weights.embedding_VD));
  run.optimizer = OptimizerState(config, type, memory, folder);
  return run;
}

void initialise(TrainingRun& run, const InitSettings& init, std::uint64_t seed) {
  const NamedTensors remainder = run.optimizer.remainder();
  std::size_t i = 0;
  for_each_parameter(run.weights, run.config, [&](const std::string& name, Tensor x, ParameterKind kind) {
    const Tensor value = initial_value(run.config, init, seed, name, x.sizes(), kind);
    if (remainder.empty()) {
      x.copy_(value);
    } else {
      Tensor low = remainder[i++].second;
      kernels::split_master(value, x, low);
      run.optimizer.release(low);
    }
  });
}

void load(TrainingRun& run, const fs::path& model_folder) {
  load_weights(model_folder, run.config, run.weights, run.optimizer.remainder(),
               [&](const Tensor& low) { run.optimizer.release(low); });
}

}  // namespace film

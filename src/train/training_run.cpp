#include "training_run.h"

#include "film/kernels/kernels.h"
#include "film/model/flat_memory.h"

namespace film::train {

namespace {

// Everything whole; the flat buffers divide by the processes that have a slice of the state.
void make_whole(TrainingRun& run, const at::TensorOptions& options, const model::ParameterFilter& is_trained,
                int rank) {
  const int slices = run.sharing.state();
  run.weights = model::empty_tensors_for(slices, run.config, options);
  run.gradients = model::zero_tensors_for(slices, run.config,
                                          options.dtype(kernels::opmath_type(run.weights.embedding_VD)));
  run.parameters = model::ParameterList(run.config, run.weights, run.gradients);
  if (is_trained) run.parameters.train_only(is_trained);
  run.gradients = trained_gradients(run.gradients, run.parameters);
  run.owned = run.parameters.owned(slices > 1 ? rank : 0, slices);
}

void make_shared(TrainingRun& run, const at::TensorOptions& options) {
  run.gathered = std::make_unique<GatheredModel>(run.config, options, run.groups.sharers, run.groups.copies);
  run.weights = run.gathered->weights();
  run.gradients = run.gathered->gradients();
  run.parameters = run.gathered->parameters();
  run.owned = {0, run.parameters.elements()};
}

}  // namespace

RunGroups open_groups(ranks::Team& team, const engine::Sharing& sharing) {
  RunGroups groups;  // one after the other: in the same order on all ranks
  groups.sharers = team.open_block(sharing.sharers());
  groups.copies = team.open_counterparts(sharing.sharers());
  groups.sequence = team.open_block(sharing.sequence);
  return groups;
}

TrainingRun make_run(const engine::ModelConfig& config, const at::TensorOptions& options,
                     const engine::MemorySettings& memory, const fs::path& folder,
                     const model::ParameterFilter& is_trained, const RunPart& part) {
  engine::return_freed_memory();
  TrainingRun run;
  run.config = config;
  run.sharing = part.sharing;
  if (part.team != nullptr) run.groups = open_groups(*part.team, run.sharing);
  if (run.sharing.gathers())
    make_shared(run, options);
  else
    make_whole(run, options, is_trained, part.team == nullptr ? 0 : part.team->rank());
  run.optimizer = OptimizerState(run.parameters, run.owned, memory, folder);
  return run;
}

void initialise(TrainingRun& run, const engine::InitSettings& init, std::uint64_t seed) {
  for (const checkpoint::Master& master : masters_of(run.parameters, run.optimizer.remainder())) {
    const model::Parameter& p = master.parameter;
    const Tensor value = model::initial_value(init, seed, p.name, p.shape, p.kind).view(-1);
    checkpoint::for_each_piece(value.numel(), [&](std::int64_t begin, std::int64_t end) {
      set_master(master, begin, value.slice(0, begin, end));
    });
  }
}

void load(TrainingRun& run, const fs::path& model_folder) {
  checkpoint::load_weights(model_folder, run.parameters, run.optimizer.remainder());
}

checkpoint::TrainingState state_of(const TrainingRun& run) {
  return {.first_moment = run.optimizer.first_moment(),
          .second_moment = run.optimizer.second_moment(),
          .remainder = run.optimizer.remainder(),
          .loop = to_json(run.loop)};
}

}  // namespace film::train

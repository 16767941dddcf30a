#include "film/checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/manifest.h"

namespace film::checkpoint {
namespace {

using engine::ModelConfig;
using model::ParameterList;

fs::path checkpoint_folder(const fs::path& run) { return run / "checkpoints"; }

// Complete checkpoints' candidates, newest first.
std::vector<fs::path> candidates(const fs::path& run) {
  std::vector<fs::path> list;
  if (!fs::exists(checkpoint_folder(run))) return list;
  for (const auto& entry : fs::directory_iterator(checkpoint_folder(run)))
    if (entry.path().filename().string().starts_with("step-")) list.push_back(entry.path());
  std::ranges::sort(list, std::greater<>());
  return list;
}

constexpr const char* kManifest = "MANIFEST.json";

// Empty if every file is there with the size and hash that its manifest says; else what is wrong.
std::string damage(const fs::path& checkpoint) {
  if (!fs::exists(checkpoint / kManifest)) return "MANIFEST.json is missing";
  try {
    return Manifest::read(checkpoint / kManifest).damage(/*hashes=*/true);
  } catch (const Error& error) {
    return error.what();
  }
}

constexpr const char* kFirst = "training/first_moment.safetensors";
constexpr const char* kSecond = "training/second_moment.safetensors";
constexpr const char* kRemainder = "training/remainder.safetensors";
constexpr const char* kLoop = "training/loop.json";
constexpr int kFormat = 2;  // 1 had whole fp32 masters beside bf16 weights

void check_format(const fs::path& checkpoint) {
  const int format = Manifest::read(checkpoint / kManifest).format();
  if (format != kFormat)
    throw bad_data(fmt::format("{} has format {}, this film reads {}", checkpoint.string(), format, kFormat),
                   "resume with the film that wrote it, or start from it as a model in a new folder");
}

std::vector<TensorSource> sources(const std::vector<StoredTensor>& tensors) {
  std::vector<TensorSource> list;
  for (const StoredTensor& tensor : tensors) list.push_back(tensor.source);
  return list;
}

std::vector<fs::path> write_state(const fs::path& folder, const ParameterList& parameters,
                                  const TrainingState& state, at::ScalarType type) {
  make_folder(folder / "training");
  write_safetensors(folder / kFirst, sources(state.first_moment));
  write_safetensors(folder / kSecond, sources(state.second_moment));
  write_file(folder / kLoop, to_pretty(state.loop));
  if (type != at::kBFloat16) return {kFirst, kSecond, kLoop};
  std::vector<TensorSource> remainders;
  for (const Master& m : masters_of(parameters, state.remainder)) remainders.push_back(remainder_source(m));
  write_safetensors(folder / kRemainder, std::move(remainders));
  return {kFirst, kSecond, kLoop, kRemainder};
}

void read_into(const fs::path& file, const std::vector<StoredTensor>& tensors) {
  const SafetensorsFile from(file);
  for (const StoredTensor& tensor : tensors) from.copy_into(tensor);
}

}  // namespace

std::string checkpoint_name(std::int64_t step) { return fmt::format("step-{:08}", step); }

fs::path save_checkpoint(const fs::path& run, const std::string& name, const ModelConfig& config,
                         const ParameterList& parameters, const TrainingState& state,
                         const CheckpointOptions& options) {
  const fs::path target = checkpoint_folder(run) / name, temp = checkpoint_folder(run) / (".part-" + name);
  if (damage(target).empty()) return target;  // saved by an earlier process of this run
  fs::remove_all(temp);
  fs::remove_all(target);
  std::vector<fs::path> files = save_weights(temp, config, parameters, options.type, options.tokenizer,
                                             kShardBytes, state.remainder, options.origin);
  if (options.state) {
    const auto list = write_state(temp, parameters, state, options.type);
    files.insert(files.end(), list.begin(), list.end());
  }
  Manifest::write(temp, kManifest, files, Json::object(), kFormat);
  fs::rename(temp, target);
  sync_folder(checkpoint_folder(run));
  return target;
}

std::optional<fs::path> latest_checkpoint(const fs::path& run) {
  for (const fs::path& checkpoint : candidates(run)) {
    const std::string wrong =
        fs::exists(checkpoint / kLoop) ? damage(checkpoint) : "it holds no training state";
    if (wrong.empty()) return checkpoint;
    warn("passing over checkpoint " + checkpoint.string() + ": " + wrong);
  }
  return std::nullopt;
}

void load_checkpoint(const fs::path& checkpoint, const ParameterList& parameters, TrainingState& state) {
  check_format(checkpoint);
  std::optional<SafetensorsFile> remainders;
  if (fs::exists(checkpoint / kRemainder)) remainders.emplace(checkpoint / kRemainder);
  load_weights(checkpoint, parameters, state.remainder, remainders ? &*remainders : nullptr);
  read_into(checkpoint / kFirst, state.first_moment);
  read_into(checkpoint / kSecond, state.second_moment);
  state.loop = read_json(checkpoint / kLoop);
}

void prune_checkpoints(const fs::path& run, std::int64_t keep) {
  const std::vector<fs::path> list = candidates(run);
  for (std::size_t i = static_cast<std::size_t>(keep); i < list.size(); ++i) fs::remove_all(list[i]);
  for (const auto& entry : fs::directory_iterator(checkpoint_folder(run)))
    if (entry.path().filename().string().starts_with(".part-")) fs::remove_all(entry.path());
}

}  // namespace film::checkpoint

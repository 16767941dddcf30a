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

constexpr const char* kFirst = "first_moment";
constexpr const char* kSecond = "second_moment";
constexpr const char* kRemainder = "remainder";
constexpr const char* kLoop = "training/loop.json";
constexpr int kFormat = 2;  // 1 had whole fp32 masters beside bf16 weights

void check_format(const fs::path& checkpoint) {
  const int format = Manifest::read(checkpoint / kManifest).format();
  if (format != kFormat)
    throw bad_data(fmt::format("{} has format {}, this film reads {}", checkpoint.string(), format, kFormat),
                   "resume with the film that wrote it, or start from it as a model in a new folder");
}

// Of fp32 weights that are saved as bf16 they are what rounding leaves.
std::vector<StoredTensor> remainders_of(const ParameterList& parameters, const TrainingState& state) {
  std::vector<StoredTensor> list = state.remainder;
  if (list.empty())
    for (const Master& m : masters_of(parameters, {})) list.push_back(remainder_of(m));
  return list;
}

// What the process has of the state.
std::vector<fs::path> write_state(const fs::path& folder, const ParameterList& parameters,
                                  const TrainingState& state, const CheckpointOptions& options) {
  const auto [number, count, gather] = options.writers;
  if (number >= count) return {};  // it has what another has
  make_folder(folder / "training");
  std::vector<fs::path> files = {state_file(kFirst, number, count), state_file(kSecond, number, count)};
  write_safetensors(folder / files[0], held_parts(state.first_moment));
  write_safetensors(folder / files[1], held_parts(state.second_moment));
  if (number == 0) {
    write_file(folder / kLoop, to_pretty(state.loop));
    files.emplace_back(kLoop);
  }
  if (options.type != at::kBFloat16) return files;
  const std::vector<StoredTensor> remainders = remainders_of(parameters, state);
  const bool whole = std::ranges::all_of(remainders, &StoredTensor::whole);
  if (whole && number > 0) return files;  // everybody has them
  files.push_back(whole ? state_file(kRemainder, 0, 1) : state_file(kRemainder, number, count));
  write_safetensors(folder / files.back(), held_parts(remainders));
  return files;
}

void read_into(const fs::path& checkpoint, const char* kind, const std::vector<StoredTensor>& tensors) {
  const StateFiles files(checkpoint, kind);
  for (const StoredTensor& tensor : tensors) files.copy_into(tensor);
}

// Sizes and hashes of what this process wrote, as words for the first.
std::string described(const fs::path& folder, const std::vector<fs::path>& files) {
  Json list = Json::array();
  for (const fs::path& file : files) {
    const ManifestFile one = Manifest::describe(folder, file);
    list.push_back({one.path, one.bytes, one.sha256});
  }
  return to_line(list);
}

std::vector<ManifestFile> all_files(const std::vector<std::string>& lists) {
  std::vector<ManifestFile> files;
  for (const std::string& list : lists)
    for (const Json& file : parse_json(list, kManifest))
      files.push_back(
          {file.at(0).get<std::string>(), file.at(1).get<std::uint64_t>(), file.at(2).get<std::string>()});
  return files;
}

// Every process must see one disk.
void require_shared_disk(const fs::path& folder, const std::vector<ManifestFile>& files) {
  for (const ManifestFile& file : files)
    if (!fs::exists(folder / file.path))
      throw config_error((folder / file.path).string() + " was written by another process, but is not here",
                         "--out must be on a file system that all nodes of the run share");
}

}  // namespace

std::string checkpoint_name(std::int64_t step) { return fmt::format("step-{:08}", step); }

fs::path save_checkpoint(const fs::path& run, const std::string& name, const ModelConfig& config,
                         const ParameterList& parameters, const TrainingState& state,
                         const CheckpointOptions& options) {
  const fs::path target = checkpoint_folder(run) / name, temp = checkpoint_folder(run) / (".part-" + name);
  const bool first = options.writers.number == 0;
  const auto& gather = options.writers.gather;
  const bool there = first && damage(target).empty();  // saved by an earlier process of this run
  if (first && !there) {
    fs::remove_all(temp);
    fs::remove_all(target);
    make_folder(temp);
  }
  if (gather(there ? "there" : "").front() == "there") return target;
  std::vector<fs::path> files;
  if (first)
    files = save_weights(temp, config, parameters, options.type, options.tokenizer, kShardBytes,
                         state.remainder, options.origin);
  else
    for (const model::Parameter& p : parameters) p.whole_weight();  // the first asks for them
  if (options.state) {
    const auto list = write_state(temp, parameters, state, options);
    files.insert(files.end(), list.begin(), list.end());
  }
  const std::vector<ManifestFile> all = all_files(gather(described(temp, files)));
  if (first) {
    require_shared_disk(temp, all);
    Manifest::of_known(temp, kManifest, all, Json::object(), kFormat).write();
    fs::rename(temp, target);
    sync_folder(checkpoint_folder(run));
  }
  gather("");
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
  const StateFiles remainders(checkpoint, kRemainder);
  load_weights(checkpoint, parameters, state.remainder, remainders.empty() ? nullptr : &remainders);
  read_into(checkpoint, kFirst, state.first_moment);
  read_into(checkpoint, kSecond, state.second_moment);
  state.loop = read_json(checkpoint / kLoop);
}

void prune_checkpoints(const fs::path& run, std::int64_t keep) {
  const std::vector<fs::path> list = candidates(run);
  for (std::size_t i = static_cast<std::size_t>(keep); i < list.size(); ++i) fs::remove_all(list[i]);
  for (const auto& entry : fs::directory_iterator(checkpoint_folder(run)))
    if (entry.path().filename().string().starts_with(".part-")) fs::remove_all(entry.path());
}

}  // namespace film::checkpoint

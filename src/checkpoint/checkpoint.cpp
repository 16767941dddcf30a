#include "film/checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/log.h"
#include "masters.h"

namespace film::checkpoint {
namespace {

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

// Empty if every file is there with the size and hash that MANIFEST.json says; else what is wrong.
std::string damage(const fs::path& checkpoint) {
  const fs::path manifest = checkpoint / "MANIFEST.json";
  if (!fs::exists(manifest)) return "MANIFEST.json is missing";
  try {
    const Json content = read_json(manifest);  // named: a temporary would be gone inside the loop
    for (const Json& entry : content.at("files")) {
      const fs::path file = checkpoint / entry.at("path").get<std::string>();
      if (!fs::exists(file)) return file.filename().string() + " is missing";
      if (fs::file_size(file) != entry.at("bytes").get<std::uintmax_t>())
        return file.filename().string() + " is truncated";
      if (sha256_file(file) != entry.at("sha256").get<std::string>())
        return file.filename().string() + " is damaged";
    }
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

constexpr const char* kFirst = "training/first_moment.safetensors";
constexpr const char* kSecond = "training/second_moment.safetensors";
constexpr const char* kRemainder = "training/remainder.safetensors";
constexpr const char* kLoop = "training/loop.json";
constexpr int kFormat = 2;  // 1 kept fp32 masters whole, beside bf16 weights

void write_manifest(const fs::path& folder, const std::vector<fs::path>& files) {
  Json list = Json::array();
  for (const fs::path& file : files)
    list.push_back({{"path", file.generic_string()},
                    {"bytes", fs::file_size(folder / file)},
                    {"sha256", sha256_file(folder / file)}});
  write_file(folder / "MANIFEST.json", to_pretty({{"format", kFormat}, {"files", list}}));
}

void check_format(const fs::path& checkpoint) {
  const std::string where = (checkpoint / "MANIFEST.json").string();
  const int format = member<int>(read_json(where), "format", where);
  if (format != kFormat)
    throw bad_data(fmt::format("{} has format {}, this film reads {}", checkpoint.string(), format, kFormat),
                   "go on with the film that wrote it, or start from it as a model in a new folder");
}

// `source`, which reads `view`; what it has read is let go.
TensorSource released(TensorSource source, const Tensor& view, const Release& release) {
  if (!release || !view.defined()) return source;
  source.elements = [read = source.elements, flat = view.view(-1), release](std::int64_t begin,
                                                                            std::int64_t end) {
    Tensor piece = read(begin, end).clone();  // a source may hand out the view itself
    release(flat.slice(0, begin, end));
    return piece;
  };
  return source;
}

// A view whose memory is let go, piece by piece, once it is on disk.
std::vector<TensorSource> sources(const NamedTensors& views, const TrainingState& state) {
  std::vector<TensorSource> list;
  for (const auto& [name, x] : views) list.push_back(released(source_of(name, x), x, state.release));
  return list;
}

std::vector<fs::path> write_state(const fs::path& folder, const std::vector<Parameter>& parameters,
                                  const TrainingState& state, at::ScalarType type) {
  make_folder(folder / "training");
  write_safetensors(folder / kFirst, sources(state.first_moment, state));
  write_safetensors(folder / kSecond, sources(state.second_moment, state));
  write_file(folder / kLoop, to_pretty(state.loop));
  if (type != at::kBFloat16) return {kFirst, kSecond, kLoop};
  std::vector<TensorSource> remainders;
  for (const Parameter& p : parameters)
    remainders.push_back(released(remainder_source(p), p.remainder, state.release));
  write_safetensors(folder / kRemainder, std::move(remainders));
  return {kFirst, kSecond, kLoop, kRemainder};
}

void read_into(const fs::path& file, const NamedTensors& tensors, const Release& release) {
  const SafetensorsFile stored(file);
  for (const auto& [name, x] : tensors) {
    stored.copy_into(name, x);
    if (release) release(x);
  }
}

}  // namespace

std::string checkpoint_name(std::int64_t step) { return fmt::format("step-{:08}", step); }

fs::path save_checkpoint(const fs::path& run, const std::string& name, const engine::ModelConfig& config,
                         const model::ModelTensors& weights, const TrainingState& state,
                         const CheckpointOptions& options) {
  const fs::path target = checkpoint_folder(run) / name, temp = checkpoint_folder(run) / (".part-" + name);
  if (damage(target).empty()) return target;  // a resumed run comes by here again
  fs::remove_all(temp);
  fs::remove_all(target);
  std::vector<fs::path> files =
      save_weights(temp, config, weights, options.type, options.tokenizer, kShardBytes, state.remainder);
  if (options.state) {
    const auto list = write_state(temp, parameters(weights, config, state.remainder), state, options.type);
    files.insert(files.end(), list.begin(), list.end());
  }
  write_manifest(temp, files);
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

void load_checkpoint(const fs::path& checkpoint, const engine::ModelConfig& config,
                     const model::ModelTensors& weights, TrainingState& state) {
  check_format(checkpoint);
  std::optional<SafetensorsFile> remainders;
  if (fs::exists(checkpoint / kRemainder)) remainders.emplace(checkpoint / kRemainder);
  load_masters(checkpoint, remainders ? &*remainders : nullptr, config, weights, state.remainder,
               state.release);
  read_into(checkpoint / kFirst, state.first_moment, state.release);
  read_into(checkpoint / kSecond, state.second_moment, state.release);
  state.loop = read_json(checkpoint / kLoop);
}

void prune_checkpoints(const fs::path& run, std::int64_t keep) {
  const std::vector<fs::path> list = candidates(run);
  for (std::size_t i = static_cast<std::size_t>(keep); i < list.size(); ++i) fs::remove_all(list[i]);
  for (const auto& entry : fs::directory_iterator(checkpoint_folder(run)))
    if (entry.path().filename().string().starts_with(".part-")) fs::remove_all(entry.path());
}

}  // namespace film::checkpoint

#include "film/engine/fits.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/strings.h"

namespace film::engine {
namespace {

std::string gibibytes_text(std::uint64_t bytes) {
  return fmt::format("{:.2f} GiB", static_cast<double>(bytes) / (1ull << 30));
}

// What makes an item smaller.
enum class Remedy { model, precision, offload, checkpointing, rows };

Remedy remedy_of(const std::string& item) {
  if (item == "optimizer state") return Remedy::offload;
  if (item == "saved activations") return Remedy::checkpointing;
  return item == "layer inputs" || item == "temporaries" ? Remedy::rows : Remedy::model;
}

// Its words; empty where the settings have it already.
std::string words_of(Remedy remedy, const MemoryPlan& plan, const TrainSettings& settings) {
  using enum ActivationCheckpointing;
  const bool recomputes = settings.memory.activation_checkpointing == automatic ||
                          settings.memory.activation_checkpointing == full;
  switch (remedy) {
    case Remedy::model:
      return settings.model_folder.empty()
                 ? "name a smaller model (--model FOLDER, or settings of model: --config "
                   "configs/demo/train.json)"
                 : "name a smaller model";
    case Remedy::precision:
      return settings.precision == Precision::float32 ? "--precision bfloat16" : "";
    case Remedy::offload:
      if (plan.offload == Offload::disk || settings.memory.offload == Offload::disk) return "";
      return plan.device.kind == DeviceKind::gpu && plan.offload == Offload::none
                 ? "--set memory.offload=cpu or disk"
                 : "--set memory.offload=disk";
    case Remedy::checkpointing:
      return recomputes ? "" : "--set memory.activation_checkpointing=auto";
    case Remedy::rows:
      break;
  }
  return "a lower --set pack_tokens=N";
}

// What a user can do about it: first what makes the largest item smaller.
std::string ways_out(const std::string& largest, const MemoryPlan& plan, const TrainSettings& settings) {
  std::vector<Remedy> remedies = {Remedy::model, Remedy::precision, Remedy::offload, Remedy::checkpointing,
                                  Remedy::rows};
  std::ranges::stable_partition(remedies, [&](Remedy r) { return r == remedy_of(largest); });
  std::vector<std::string> ways;
  for (const Remedy remedy : remedies)
    if (const std::string words = words_of(remedy, plan, settings); !words.empty()) ways.push_back(words);
  const std::string text = join(ways, ", ");
  return settings.memory.limit > 0 ? text + ", or raise memory.limit" : text;
}

std::uint64_t checkpoint_bytes(const TrainSettings& settings, const ModelConfig& config) {
  const std::int64_t state = settings.save_state ? state_bytes(settings.precision) : 0;
  return static_cast<std::uint64_t>(config.parameters() * (weight_bytes(settings.save_type) + state));
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  if (!fs::is_directory(folder)) return 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

}  // namespace

std::optional<Error> memory_refusal(const MemoryPlan& plan, std::uint64_t left,
                                    const TrainSettings& settings) {
  if (plan.total() <= left) return std::nullopt;
  const auto largest = std::ranges::max_element(plan.items, {}, &MemoryItem::bytes);
  const std::string limit = settings.memory.limit > 0 ? " (memory.limit counts)" : "";
  return config_error(
      fmt::format("this run needs {} of memory, it may take {}{}; {} alone needs {}",
                  gibibytes_text(plan.total()), gibibytes_text(left), limit, largest->name,
                  gibibytes_text(largest->bytes)),
      ways_out(largest->name, plan, settings) + ". All items: the same command with --dry-run");
}

void require_memory(const MemoryPlan& plan, std::uint64_t left, const TrainSettings& settings) {
  if (const auto refusal = memory_refusal(plan, left, settings)) throw Error(*refusal);
}

std::uint64_t disk_bytes(const TrainSettings& settings, const ModelConfig& config, std::int64_t steps,
                         Offload offload) {
  const std::int64_t saved = 1 + steps / std::max<std::int64_t>(1, settings.save_every);
  // A new checkpoint is whole before an old one is removed.
  const std::int64_t kept = std::min(saved, settings.keep_checkpoints + 1);
  std::uint64_t bytes = static_cast<std::uint64_t>(kept) * checkpoint_bytes(settings, config);
  const auto parameters = static_cast<std::uint64_t>(config.parameters());
  if (settings.model_folder.empty())
    bytes += parameters * static_cast<std::uint64_t>(weight_bytes(settings.precision));
  if (offload == Offload::disk)
    bytes += parameters * static_cast<std::uint64_t>(state_bytes(settings.precision));
  return bytes;
}

void require_disk(std::uint64_t bytes, const fs::path& run) {
  const std::uint64_t left = fs::space(run).available + bytes_below(run / "checkpoints");
  if (bytes <= left) return;
  throw config_error(fmt::format("the checkpoints of this run need {} of disk space, {} has {}",
                                 gibibytes_text(bytes), run.string(), gibibytes_text(left)),
                     "choose an --out with more space, a lower --set keep_checkpoints=N, --set "
                     "save_type=bfloat16, or --set save_state=false (the run cannot be resumed then)");
}

}  // namespace film::engine

#include "film/engine/fits.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"

namespace film::engine {
namespace {

std::string gibibytes_text(std::uint64_t bytes) {
  return fmt::format("{:.2f} GiB", static_cast<double>(bytes) / (1ull << 30));
}

// What a user can do about it, the most likely first.
std::string ways_out(const TrainSettings& settings) {
  std::string text = settings.model_folder.empty()
                         ? "name a smaller model (--model FOLDER, or settings of model: --config "
                           "configs/demo/train.json)"
                         : "name a smaller model";
  if (settings.precision == Precision::float32) text += ", --precision bfloat16";
  if (settings.memory.offload == Offload::none) text += ", --set memory.offload=disk";
  text += ", or a lower --set pack_tokens=N";
  return settings.memory.limit > 0 ? text + "; or raise memory.limit" : text;
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

void require_memory(const MemoryPlan& plan, std::uint64_t left, const TrainSettings& settings) {
  if (plan.total() <= left) return;
  const auto largest = std::ranges::max_element(plan.items, {}, &MemoryItem::bytes);
  const std::string limit = settings.memory.limit > 0 ? " (memory.limit counts)" : "";
  throw config_error(fmt::format("this run needs {} of memory, it may take {}{}; {} alone needs {}",
                                 gibibytes_text(plan.total()), gibibytes_text(left), limit, largest->name,
                                 gibibytes_text(largest->bytes)),
                     ways_out(settings) + ". All items: the same command with --dry-run");
}

std::uint64_t disk_bytes(const TrainSettings& settings, const ModelConfig& config, std::int64_t steps) {
  const std::int64_t saved = 1 + steps / std::max<std::int64_t>(1, settings.save_every);
  // A new checkpoint is whole before an old one is removed.
  const std::int64_t kept = std::min(saved, settings.keep_checkpoints + 1);
  std::uint64_t bytes = static_cast<std::uint64_t>(kept) * checkpoint_bytes(settings, config);
  const auto parameters = static_cast<std::uint64_t>(config.parameters());
  if (settings.model_folder.empty())
    bytes += parameters * static_cast<std::uint64_t>(weight_bytes(settings.precision));
  if (settings.memory.offload == Offload::disk)
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

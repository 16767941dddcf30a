#pragma once
// The memory of a training run, by item, before anything is allocated. The run allocates what lives long as
// the plan says; `film train --dry-run` prints it. T rows of the longest pass, R of them with loss, L layers,
// D hidden, A query width, K key width, F feed-forward width, s bytes of one element.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/enum_names.h"
#include "film/base/settings.h"
#include "film/engine/device.h"
#include "film/engine/model_config.h"
#include "film/engine/plan_device.h"

namespace film::engine {

// Which of a layer's activations stay in memory between forward and backward; the others are computed again
// from the same inputs by the same operations, so the choice does not change a bit of the result. The layer's
// input always stays; the down-projection's product is never needed again.
struct ActivationSet {
  bool projections = true;  // rotated queries, keys, values
  bool attention = true;    // attention output and log-sum-exp
  bool middle = true;       // the residual stream between attention and feed-forward
  bool gate_up = true;      // products of the gate and up projections
  bool operator==(const ActivationSet&) const = default;
};

// What the backward computes again.
enum class ActivationCheckpointing {
  automatic,  // as little as memory allows
  none,       // nothing: every activation is saved
  attention,  // everything but attention
  full        // everything: layer inputs alone are saved
};
constexpr auto enum_names(ActivationCheckpointing) {
  using enum ActivationCheckpointing;
  return std::array{EnumName{automatic, "auto"}, EnumName{none, "none"}, EnumName{attention, "attention"},
                    EnumName{full, "full"}};
}

// Where moments and remainders are: with the weights, in host memory, or in a file beside the run.
enum class Offload {
  automatic,  // the fastest of the others that fits (choose_offload.cpp)
  none,
  cpu,
  disk
};
constexpr auto enum_names(Offload) {
  using enum Offload;
  return std::array{EnumName{automatic, "auto"}, EnumName{none, "none"}, EnumName{cpu, "cpu"},
                    EnumName{disk, "disk"}};
}

struct MemorySettings {
  ActivationCheckpointing activation_checkpointing = ActivationCheckpointing::automatic;
  double limit = 0;  // GiB; 0 = what is free when the run starts
  Offload offload = Offload::automatic;
  std::int64_t chunk = 256;  // MiB of state that a step works on at a time
  void describe(Fields& f);
  std::int64_t chunk_elements(Precision precision) const;  // parameters of one chunk
};

// Bytes of one parameter: of the weight, and of the optimizer's state: two fp32 moments, with bf16 weights a
// 16-bit remainder of the fp32 master.
constexpr std::int64_t weight_bytes(Precision precision) { return precision == Precision::bfloat16 ? 2 : 4; }
constexpr std::int64_t state_bytes(Precision precision) { return precision == Precision::bfloat16 ? 10 : 8; }

// The largest pass of a run.
struct PassShape {
  std::int64_t rows = 0, answer_rows = 0;
  bool deterministic = false;  // the backward of attention, on a GPU
  double visible = 0;  // pairs of query and key rows that attention computes, in all layers but the last
  double answer_visible = 0;  // in the last layer
};

// Rows of a pass that one of some ranks has at most, which compute it together; and what a pass of them needs there.
constexpr std::int64_t most_rows(std::int64_t rows, int ranks) { return (rows + ranks - 1) / ranks; }
PassShape part_of(const PassShape& pass, int ranks);

// Sizes that a pass works in (model/feed_forward, model/mistral) and the plan counts with: rows of the
// feed-forward at a time, and bytes of one chunk of logits.
constexpr std::int64_t slice_rows(DeviceKind device) { return device == DeviceKind::gpu ? 8192 : 1024; }
inline constexpr std::int64_t kLogitBytes = 64 << 20;

// What products and attention of the libraries bring along: their code, once it runs, and their work space.
// On a GPU cuBLAS's work space and the modules of cuBLAS, cuDNN and FlashAttention, loaded when first used; on a CPU in bf16
// the kernels that oneDNN makes for the shapes of products.
constexpr std::uint64_t library_bytes(DeviceKind device, Precision precision) {
  if (device == DeviceKind::gpu) return 768 << 20;
  return precision == Precision::bfloat16 ? 80 << 20 : 48 << 20;
}

struct MemoryItem {
  std::string name;
  std::uint64_t bytes = 0;
  std::string note;
};

struct MemoryPlan {
  Offload offload = Offload::none;
  PlanDevice device;
  std::vector<ActivationSet> saved;  // per layer
  std::vector<MemoryItem> items;     // what lives as long as the run, then activations, then temporaries
  std::uint64_t total() const;
  std::string saved_summary() const;  // "attention 32, middle 12, ... of 32 layers"
};

// limit: bytes that the whole run may take; decides what is saved where checkpointing is automatic: most
// arithmetic saved per byte first (attention output, then the others; at 32K tokens 1,074 against 134 MFLOP
// per token and GiB in a 7B model). base: bytes that the process takes before. Offload `automatic` counts as none.
MemoryPlan plan_memory(const ModelConfig& config, Precision precision, const MemorySettings& settings,
                       const PassShape& longest, std::uint64_t limit, std::uint64_t base,
                       const PlanDevice& device = {});

// What a run may take, in bytes, by place.
struct MemoryPlaces {
  std::uint64_t limit = 0, base = 0;  // of plan_memory
  std::uint64_t host = 0;             // of the host beside the run; asked on a GPU alone
  std::uint64_t disk = 0;             // where the run's folder is
};
// The same with the offload decided, where it is automatic: with the weights while nothing is recomputed for it; on a
// GPU then in host memory; else wherever it fits. Where nothing fits, the one that needs least.
MemoryPlan plan_offload(const ModelConfig& config, Precision precision, const MemorySettings& settings,
                        const PassShape& longest, const MemoryPlaces& places, const PlanDevice& device);

// {"planned": bytes, "saved": text, "items": [{"item", "bytes", "note"}]}
Json to_json(const MemoryPlan& plan);

// From now on freed blocks of a mebibyte and more go back to the system at once, as the plan assumes; the C
// library would keep blocks of up to 32 MiB, in pieces that do not fit the next size.
void return_freed_memory();

// Memory of this machine that a process can still take, in bytes; what this process holds and ever held.
std::uint64_t free_memory();
std::uint64_t resident_memory();
std::uint64_t peak_memory();

}  // namespace film::engine

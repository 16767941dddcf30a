#pragma once
// The memory of a training run, by item, before anything is allocated. The run allocates what lives long as
// the plan says; `film train --dry-run` prints it. T rows of the longest pass, R of them with loss, L layers,
// D hidden, A query width, K key width, F feed-forward width, s bytes of one element.
#include <cstdint>
#include <string>
#include <vector>

#include "film/base/settings.h"
#include "film/engine/model_config.h"

namespace film::engine {

// Weights and activations. Sums (gradients, statistics) are fp32 in both; with bfloat16 the optimizer works
// on fp32 masters held as the bf16 weight and a 16-bit remainder.
enum class Precision { float32, bfloat16 };
Precision precision_of(const std::string& name);  // "float32", "bfloat16"; throws config_error

// Which of a layer's activations stay in memory between forward and backward; the others are computed again
// from the same inputs by the same operations, so the choice does not change a bit of the result. The layer's
// input always stays; the down-projection's product is never needed again.
struct LayerKeep {
  bool projections = true;  // rotated queries, keys, values
  bool attention = true;    // attention output and log-sum-exp
  bool middle = true;       // the residual stream between attention and feed-forward
  bool gate_up = true;      // products of the gate and up projections
  bool operator==(const LayerKeep&) const = default;
};

struct MemorySettings {
  std::string keep = "auto";       // auto, all, attention, input
  double limit = 0;                // GiB; 0 = what is free when the run starts
  std::string state = "resident";  // where the optimizer's state is: resident, host, file
  std::int64_t chunk = 256;        // MiB of state that a step works on at a time
  void describe(Fields& f);
  std::int64_t chunk_elements(bool split) const;  // parameters of one chunk
};

// The largest pass of a run.
struct PassShape {
  std::int64_t rows = 0, answer_rows = 0;
  double visible = 0;  // pairs of query and key rows that attention computes, in all layers but the last
  double answer_visible = 0;  // in the last layer
};

// Sizes that a pass works in (model/feed_forward.h, model/mistral.cpp) and the plan counts with: rows of the
// feed-forward at a time, on a CPU and on a card, and bytes of one chunk of logits.
inline constexpr std::int64_t kSliceRows = 1024, kCardSliceRows = 8192, kLogitBytes = 64 << 20;

struct MemoryItem {
  std::string name;
  std::uint64_t bytes = 0;
  std::string note;
};

struct MemoryPlan {
  std::vector<LayerKeep> keep;    // per layer
  std::vector<MemoryItem> items;  // in the order of their size's interest: state, activations, temporaries
  std::uint64_t total() const;
  std::string keep_summary() const;  // "attention 32/32, projections 12/32, ..."
};

// Where tensors are. On a card, the host's share of a run (state in host memory or a file) is not counted.
enum class Place { cpu, card };

// limit: bytes that the whole run may take; decides what "auto" keeps: most arithmetic saved per byte first
// (attention output, then the others; at 32K tokens 1,074 against 134 MFLOP per token and GiB in a 7B model).
// base: bytes that the process takes before.
MemoryPlan plan_memory(const ModelConfig& config, Precision precision, const MemorySettings& settings,
                       const PassShape& longest, std::uint64_t limit, std::uint64_t base,
                       Place place = Place::cpu);

// From now on freed blocks of a mebibyte and more go back to the system at once, as the plan assumes; the C
// library would keep blocks of up to 32 MiB, in pieces that do not fit the next size.
void return_freed_memory();

// Memory of this machine that a process can still take, in bytes; what this process holds and ever held.
std::uint64_t free_memory();
std::uint64_t resident_memory();
std::uint64_t peak_memory();

}  // namespace film::engine

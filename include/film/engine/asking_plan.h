#pragma once
// The memory of asking a model here, by item, before anything is allocated: how many questions are open on one context at a
// time follows from it. `film eval --dry-run` prints it. P ids of the context, L layers, D hidden, A query width, K key
// width, F feed-forward width, V vocabulary, s bytes of one element.
#include <cstdint>
#include <vector>

#include "film/engine/memory_plan.h"

namespace film::engine {

// Bytes of a device: that the process takes, and that it can still take.
struct MemoryBytes {
  DeviceKind kind = DeviceKind::cpu;
  std::uint64_t taken = 0, free = 0;
};

// Rows that a model reads at a time: of a context, and of the questions behind it.
inline constexpr std::int64_t kReadRows = 8192;

// The most of what is asked at one time.
struct AskingShape {
  std::int64_t context = 0;     // ids that questions share
  std::int64_t questions = 1;   // on one context
  std::int64_t question = 0;    // ids of one question's own
  std::int64_t new_tokens = 0;  // of one answer
  std::int64_t rated = 0;  // rows of a pass that rates choices, their context's included; 0 = none are rated
};

struct AskingPlan {
  AskingShape shape;
  std::int64_t open = 0;  // questions that are decoded together: all, or as many as fit; at least one
  std::vector<MemoryItem> items;
  std::uint64_t total() const;
};

// limit: bytes that the process may take on the device, `base` of which it takes before.
AskingPlan plan_asking(const ModelConfig& config, Precision precision, const AskingShape& shape,
                       std::uint64_t limit, std::uint64_t base, DeviceKind device);

// Throws config_error unless `plan` needs at most `limit` bytes; names the largest item and what makes it smaller.
void require_memory(const AskingPlan& plan, std::uint64_t limit, Precision precision, DeviceKind device);

// {"planned": bytes, "open": questions, "items": [{"item", "bytes", "note"}]}
Json to_json(const AskingPlan& plan);

}  // namespace film::engine

#include "film/engine/asking_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/error.h"
#include "film/base/format.h"

namespace film::engine {
namespace {

constexpr std::int64_t kLogitCopies =
    3;  // of a row of logits: they are looked through for what is not finite

struct Sizes {
  std::int64_t L, D, A, K, F, V, s, slice;
  // Key rows that attention copies, values counted likewise: a CPU's in bf16 packs both, film's own in fp32 transposes keys.
  std::int64_t copied;
  bool window;  // sliding: a context is read in one pass (generation/prefix.cpp)
  std::uint64_t libraries;
  // Keys and values of one id, in all layers.
  std::int64_t cached() const { return L * 2 * K * s; }
};

Sizes sizes_of(const ModelConfig& c, Precision precision, DeviceKind device) {
  return {c.num_hidden_layers,
          c.hidden_size,
          c.query_width(),
          c.key_width(),
          c.intermediate_size,
          c.vocab_size,
          weight_bytes(precision),
          slice_rows(device),
          device == DeviceKind::cpu && precision == Precision::bfloat16 ? 2
          : expects_blocks(c, precision, device)                        ? 1
                                                                        : 0,
          c.sliding_window > 0,
          library_bytes(device, precision)};
}

// Who the rows of a pass are: of one context, which see each other in one call, or of many questions.
enum class RowsOf { context, questions };

// The largest moment of a pass over `rows` rows that see `before` keys besides their own (generation/pass.cpp, parts.cpp):
// residual stream, queries, keys and values, and attention of both parts with its copies; then the feed-forward.
std::int64_t pass_bytes(const Sizes& z, RowsOf of, std::int64_t rows, std::int64_t before) {
  const bool whole = of == RowsOf::context;
  const std::int64_t own = rows * ((whole ? 3 : 2) * z.A + (whole ? z.copied * z.K : 0)),
                     shared = before == 0 ? 0 : rows * 4 * z.A + before * z.copied * z.K,
                     attend = rows * (z.D + 2 * z.K) + std::max(own, shared),
                     finish = rows * (3 * z.D + z.A) + std::min(rows, z.slice) * (z.D + 3 * z.F);
  return z.s * std::max(attend, finish);
}

// Of rating choices: context and choices are one pass, which lets its attention go earlier than pass_bytes says (model/block.cpp);
// then the final norm of the rows that are rated, and the loss over a chunk of their logits.
std::int64_t rating_bytes(const Sizes& z, std::int64_t rows) {
  if (rows == 0) return 0;
  return std::max(pass_bytes(z, RowsOf::context, rows, 0), 2 * rows * z.D * z.s + kLogitBytes);
}

std::int64_t work_bytes(const Sizes& z, const AskingShape& shape, std::int64_t open) {
  const std::int64_t context = z.window ? shape.context : std::min(shape.context, kReadRows),
                     reading = pass_bytes(z, RowsOf::context, context, shape.context - context),
                     first_rows = std::min(open * shape.question, std::max(kReadRows, shape.question)),
                     first = pass_bytes(z, RowsOf::questions, first_rows, shape.context),
                     // Keys and values of the open ones in one layer are copied once others have ended.
      step = pass_bytes(z, RowsOf::questions, open, shape.context) +
             open * (shape.question + shape.new_tokens) * 2 * z.K * z.s,
                     logits = kLogitCopies * open * z.V * z.s;
  return std::max({reading, first, std::max(step, logits), rating_bytes(z, shape.rated)});
}

std::string rows_note(const AskingShape& shape, std::int64_t open) {
  return fmt::format("{} of {} questions x {} tokens", open, shape.questions,
                     shape.question + shape.new_tokens);
}

std::vector<MemoryItem> items_of(const ModelConfig& config, const Sizes& z, const AskingShape& shape,
                                 std::int64_t open, std::uint64_t base) {
  const auto bytes = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  return {{"before", base, "what the process takes without a model"},
          {"libraries", z.libraries, "code and work space of products and attention"},
          {"weights", bytes(config.parameters() * z.s), fmt::format("{} bytes each", z.s)},
          {"context", bytes(shape.context * z.cached()),
           fmt::format("keys and values of {} tokens", shape.context)},
          {"open questions", bytes(open * (shape.question + shape.new_tokens) * z.cached()),
           rows_note(shape, open)},
          {"temporaries", bytes(work_bytes(z, shape, open)), "the largest moment of a pass"}};
}

std::uint64_t sum_of(const std::vector<MemoryItem>& items) {
  std::uint64_t sum = 0;
  for (const MemoryItem& item : items) sum += item.bytes;
  return sum;
}

}  // namespace

std::uint64_t AskingPlan::total() const { return sum_of(items); }

AskingPlan plan_asking(const ModelConfig& config, Precision precision, const AskingShape& shape,
                       std::uint64_t limit, std::uint64_t base, DeviceKind device) {
  const Sizes z = sizes_of(config, precision, device);
  const auto items = [&](std::int64_t open) { return items_of(config, z, shape, open, base); };
  // Bytes grow with the number of open questions: the largest number that fits, by bisection.
  std::int64_t fits = 1, above = std::max<std::int64_t>(1, shape.questions) + 1;
  while (above - fits > 1) {
    const std::int64_t middle = fits + (above - fits) / 2;
    (sum_of(items(middle)) <= limit ? fits : above) = middle;
  }
  return {shape, fits, items(fits)};
}

namespace {

// What makes an item smaller.
std::string way_out(const std::string& item, Precision precision, DeviceKind device) {
  std::string text = item == "context"          ? "ask on shorter contexts"
                     : item == "open questions" ? "a lower --set max_new_tokens=N"
                     : item == "temporaries"    ? "a lower --set questions_per_call=N, or shorter contexts"
                                                : "a smaller model";
  if (precision == Precision::float32) text = "--set precision=bfloat16, or " + text;
  if (device == DeviceKind::gpu) text += ", or --set device=cpu";
  return text;
}

}  // namespace

void require_memory(const AskingPlan& plan, std::uint64_t limit, Precision precision, DeviceKind device) {
  if (plan.total() <= limit) return;
  const auto largest = std::ranges::max_element(plan.items, {}, &MemoryItem::bytes);
  throw config_error(
      fmt::format("asking this model needs {} of memory, it may take {}; {} alone needs {}",
                  gibibytes_text(plan.total()), gibibytes_text(limit), largest->name,
                  gibibytes_text(largest->bytes)),
      way_out(largest->name, precision, device) + ". All items: the same command with --dry-run");
}

Json to_json(const AskingPlan& plan) {
  Json items = Json::array();
  for (const MemoryItem& item : plan.items)
    items.push_back({{"item", item.name}, {"bytes", item.bytes}, {"note", item.note}});
  return {{"planned", plan.total()}, {"open", plan.open}, {"items", items}};
}

}  // namespace film::engine

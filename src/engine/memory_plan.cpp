#include "film/engine/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "film/base/error.h"

namespace film::engine {

void MemorySettings::describe(Fields& f) {
  f.add("activation_checkpointing", activation_checkpointing,
        "what the backward computes again to save memory: as little as fits, nothing, all but attention, "
        "everything")
      .runtime();
  f.add("limit", limit, "memory that the run may take; 0 = what is free when it starts")
      .range(0, 1e6)
      .in("GiB")
      .runtime();
  f.add("offload", offload,
        "where optimizer state is: the fastest place that it fits in, with the weights, in host memory, in a "
        "file beside the run")
      .runtime();
  f.add("chunk", chunk, "optimizer state that a step works on at a time")
      .range(1, 1 << 16)
      .in("MiB")
      .runtime();
}

std::int64_t MemorySettings::chunk_elements(Precision precision) const {
  constexpr std::int64_t kAligned =
      64;  // parameters begin at multiples of it: wide loads stay wide in a chunk
  return (chunk << 20) / state_bytes(precision) / kAligned * kAligned;
}

// Answers are mostly at the end, with one rank.
PassShape part_of(const PassShape& pass, int ranks) {
  PassShape part = pass;
  part.rows = most_rows(pass.rows, ranks);
  part.visible /= ranks;
  part.answer_visible /= ranks;
  return part;
}

namespace {

constexpr ActivationSet kInputsAlone{false, false, false, false};

// One activation that may be saved.
struct Candidate {
  bool ActivationSet::*flag;
  std::size_t layer;
  double bytes, flops;
};

struct Sizes {
  double T, R, D, A, K, F, N, s;
  double dq_copies;  // of attention's backward on a GPU; 0 on a CPU
  bool cpu_blocks;   // film's own attention on a CPU
  bool cpu_copies;   // attention's backward on a CPU over copies in fp32
  bool together;     // ranks exchange rows for heads
  std::int64_t slice;
};

Sizes sizes_of(const ModelConfig& c, const PassShape& p, double s, const PlanDevice& device) {
  const auto d = [](std::int64_t n) { return static_cast<double>(n); };
  return {
      d(p.rows),
      d(p.answer_rows),
      d(c.hidden_size),
      d(c.query_width()),
      d(c.key_width()),
      d(c.intermediate_size),
      d(c.num_attention_heads),
      s,
      device.kind == DeviceKind::gpu ? d(device.dq_copies(heads_of(c, device.sharing), p.deterministic)) : 0,
      expects_blocks(c, s == 4 ? Precision::float32 : Precision::bfloat16, device.kind),
      device.kind == DeviceKind::cpu && s == 2,
      device.sharing.sequence > 1,
      slice_rows(device.kind)};
}

std::vector<Candidate> candidates(const Sizes& z, const PassShape& p, std::size_t layers) {
  std::vector<Candidate> list;
  for (std::size_t l = 0; l < layers; ++l) {
    const double Q = l + 1 == layers ? z.R : z.T, pairs = l + 1 == layers ? p.answer_visible : p.visible;
    list.push_back({&ActivationSet::attention, l, Q * (z.A * z.s + z.N * 4), 4 * pairs * z.A});
    list.push_back({&ActivationSet::middle, l, Q * z.D * z.s, 2 * Q * z.A * z.D});
    list.push_back({&ActivationSet::projections, l, (Q * z.A + z.T * 2 * z.K) * z.s,
                    2 * z.D * (Q * z.A + z.T * 2 * z.K)});
    list.push_back({&ActivationSet::gate_up, l, Q * 2 * z.F * z.s, 2 * Q * z.D * 2 * z.F});
  }
  return list;
}

// Most arithmetic saved per byte first; of equals the later layer, whose turn in the backward comes first.
std::vector<ActivationSet> choose(std::vector<Candidate> list, ActivationCheckpointing policy,
                                  std::size_t layers, double room) {
  using enum ActivationCheckpointing;
  std::vector<ActivationSet> saved(layers, kInputsAlone);
  std::ranges::stable_sort(list, [](const Candidate& a, const Candidate& b) {
    const double left = a.flops * b.bytes, right = b.flops * a.bytes;
    return left != right ? left > right : a.layer > b.layer;
  });
  for (const Candidate& c : list) {
    const bool wanted = policy == none || (policy == attention && c.flag == &ActivationSet::attention) ||
                        (policy == automatic && c.bytes <= room);
    if (!wanted) continue;
    saved[c.layer].*c.flag = true;
    room -= c.bytes;
  }
  return saved;
}

// What attention's backward takes for itself. On a GPU: dq in fp32, dk and dv of every query head, a sum for each row; in
// film's own on a CPU: dk and dv of every query head, keys and values transposed, at most: of the longest tile in truth; for
// bf16 also what goes in, and dq, in fp32.
double attention_work(const Sizes& z, double Q) {
  const double blocks = (2 * z.T * z.A + 2 * z.T * z.K) * 4;
  if (z.cpu_copies) return blocks + (4 * Q * z.A + 2 * z.T * z.K) * 4;
  if (z.cpu_blocks) return blocks;
  return z.dq_copies > 0 ? z.dq_copies * Q * z.A * 4 + 2 * z.T * z.A * z.s + Q * z.N * 4 : 0;
}

// The most that one moment of a pass needs beside what is saved
// (model/block.cpp, feed_forward.cpp, mistral.cpp).
double temporaries(const Sizes& z, const ModelConfig& c, const std::vector<ActivationSet>& saved) {
  const double rope = z.T * z.A / z.N * 4;
  const double ids = 8 * 3 * z.T;
  double most = 0;
  for (std::size_t l = 0; l < saved.size(); ++l) {
    const double Q = l + 1 == saved.size() ? z.R : z.T;
    const double projections = saved[l].projections ? 0 : (Q * z.A + z.T * 2 * z.K) * z.s;
    const double attention = saved[l].attention ? 0 : Q * (z.A * z.s + z.N * 4);
    const double middle = saved[l].middle ? 0 : Q * z.D * z.s;
    const double slice = std::min(Q, static_cast<double>(z.slice));
    const double in_slice = slice * ((3 * z.F + (saved[l].gate_up ? 0 : 2 * z.F) + z.D) * z.s);
    const double gradient = z.T * z.D * z.s;                                  // of the residual stream
    const double from_attention = Q * z.A * z.s + z.T * 2 * z.K * (4 + z.s);  // dq, dk and dv with their sums
    // Rows in other ranks' heads, and the order in which they are sent.
    const double exchanged = z.together ? (4 * Q * z.A + z.T * 2 * z.K) * z.s : 0;
    const double forward = projections + attention + std::max(z.T * z.D * z.s, Q * z.A * z.s) + exchanged;
    const double feed_forward =
        gradient + middle + in_slice + (saved[l].attention ? 0 : attention + projections);
    const double attend = gradient + projections + attention + Q * z.A * z.s + from_attention +
                          Q * z.A * z.s + attention_work(z, Q) + exchanged;
    const double project = gradient + from_attention + 2 * z.T * z.D * z.s;
    most = std::max({most, forward, feed_forward, attend, project});
  }
  const double row = static_cast<double>(c.vocab_size) * z.s;
  const double logits = std::min(z.R * row, std::max<double>(row, kLogitBytes));
  const double head = 2 * logits + 4 * z.R * z.D * z.s;
  return std::max(most, head) + rope + ids;
}

// Of a model that ranks share: what each has whole at a time (model/shard_memory.h).
double gathered_parameters(const ModelConfig& c) {
  const std::int64_t layer = c.layer_parameters(), layers = c.num_hidden_layers;
  return static_cast<double>(c.parameters() - layers * layer + whole_layers(layers) * layer);
}

std::uint64_t whole(double bytes) { return static_cast<std::uint64_t>(bytes); }

}  // namespace

std::uint64_t MemoryPlan::total() const {
  return std::accumulate(items.begin(), items.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const MemoryItem& item) { return sum + item.bytes; });
}

std::string MemoryPlan::saved_summary() const {
  const auto count = [&](bool ActivationSet::*flag) {
    return std::ranges::count_if(saved, [&](const ActivationSet& set) { return set.*flag; });
  };
  return fmt::format("attention {}, middle {}, projections {}, gate and up {} of {} layers",
                     count(&ActivationSet::attention), count(&ActivationSet::middle),
                     count(&ActivationSet::projections), count(&ActivationSet::gate_up), saved.size());
}

MemoryPlan plan_memory(const ModelConfig& c, Precision precision, const MemorySettings& settings,
                       const PassShape& whole_pass, std::uint64_t limit, std::uint64_t base,
                       const PlanDevice& device) {
  const PassShape longest = part_of(whole_pass, device.sharing.sequence);
  const bool split = precision == Precision::bfloat16;
  const auto s = static_cast<double>(weight_bytes(precision)), P = static_cast<double>(c.parameters());
  const auto layers = static_cast<std::size_t>(c.num_hidden_layers);
  const Sizes z = sizes_of(c, longest, s, device);
  const double per_parameter = static_cast<double>(state_bytes(precision)),
               state = P * per_parameter / device.sharing.state();
  const double chunk =
      std::min(state, static_cast<double>(settings.chunk_elements(precision)) * per_parameter);
  MemoryPlan plan;
  plan.offload = settings.offload == Offload::automatic ? Offload::none : settings.offload;
  plan.device = device;
  plan.items = {
      {"program and libraries", base + library_bytes(device.kind, precision), "code, data and work space"},
      {"weights", whole(P / device.sharing.model * s), split ? "bf16" : "fp32"},
      {"gradients", whole(P / device.sharing.model * 4), "fp32 sums"}};
  if (device.sharing.gathers()) {
    for (std::size_t i : {plan.items.size() - 2, plan.items.size() - 1})
      plan.items[i].note += fmt::format(", of {} ranks", device.sharing.model);
    plan.items.push_back({"gathered", whole(gathered_parameters(c) * (s + 4)),
                          "weights and gradients of the ends and of two layers"});
  }
  const bool host_counts = device.kind == DeviceKind::cpu && plan.offload == Offload::cpu;
  if (plan.offload == Offload::none || host_counts)
    plan.items.push_back(
        {"optimizer state", whole(state), split ? "fp32 moments, 16-bit remainders" : "fp32 moments"});
  if (device.sharing.state() > 1 && plan.items.back().name == "optimizer state")
    plan.items.back().note += fmt::format(", of {} ranks", device.sharing.state());
  if (plan.offload != Offload::none)
    plan.items.push_back({"staging", whole(2 * chunk), "two chunks of optimizer state"});
  const double inputs = static_cast<double>(layers) * z.T * (z.D * s + 8);
  plan.items.push_back({"layer inputs", whole(inputs), fmt::format("{} x {} rows", layers, longest.rows)});

  const std::vector<Candidate> list = candidates(z, longest, layers);
  const double least = temporaries(z, c, std::vector<ActivationSet>(layers, kInputsAlone));
  plan.saved = choose(list, settings.activation_checkpointing, layers,
                      static_cast<double>(limit) - static_cast<double>(plan.total()) - least);
  double saved = 0;
  for (const Candidate& candidate : list)
    if (plan.saved[candidate.layer].*candidate.flag) saved += candidate.bytes;
  plan.items.push_back({"saved activations", whole(saved), plan.saved_summary()});
  plan.items.push_back({"temporaries", whole(temporaries(z, c, plan.saved)), "the largest moment of a pass"});
  return plan;
}

Json to_json(const MemoryPlan& plan) {
  Json items = Json::array();
  for (const MemoryItem& item : plan.items)
    items.push_back({{"item", item.name}, {"bytes", item.bytes}, {"note", item.note}});
  return {{"planned", plan.total()},
          {"offload", name_of(plan.offload)},
          {"saved", plan.saved_summary()},
          {"items", items}};
}

}  // namespace film::engine

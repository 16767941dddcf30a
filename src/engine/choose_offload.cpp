// Where the optimizer's state goes when that is left to film.
#include <algorithm>
#include <optional>

#include "film/engine/memory_plan.h"

namespace film::engine {
namespace {

constexpr std::uint64_t kStaged = std::uint64_t{2} << 30;       // less is not worth two staging buffers
constexpr std::uint64_t kHostReserve = std::uint64_t{8} << 30;  // of a GPU's host: reading data, checkpoints

bool nothing_is_recomputed(const MemoryPlan& plan) {
  return std::ranges::all_of(plan.saved, [](const ActivationSet& set) { return set == ActivationSet{}; });
}

class Choice {
 public:
  Choice(const ModelConfig& config, Precision precision, const MemorySettings& settings,
         const PassShape& longest, const MemoryPlaces& places, const PlanDevice& device)
      : places_(places),
        state_(static_cast<std::uint64_t>(config.parameters() * state_bytes(precision) /
                                          device.sharing.state())),
        automatic_(settings.activation_checkpointing == ActivationCheckpointing::automatic),
        on_gpu_(device.kind == DeviceKind::gpu) {
    for (const Offload offload : {Offload::none, Offload::cpu, Offload::disk}) {
      MemorySettings one = settings;
      one.offload = offload;
      plans_.push_back(plan_memory(config, precision, one, longest, places.limit, places.base, device));
    }
  }

  // On a CPU host memory is where the weights are, so `cpu` gains nothing over `none`.
  MemoryPlan best() const {
    if (fits(Offload::none) && (!on_gpu_ || !automatic_ || nothing_is_recomputed(plan(Offload::none))))
      return plan(Offload::none);
    for (const Offload offload : {Offload::cpu, Offload::none, Offload::disk})
      if (has_place(offload) && fits(offload)) return plan(offload);
    return least();
  }

 private:
  const MemoryPlan& plan(Offload offload) const {
    return *std::ranges::find(plans_, offload, &MemoryPlan::offload);
  }
  bool fits(Offload offload) const { return plan(offload).total() <= places_.limit; }

  bool has_place(Offload offload) const {
    if (offload == Offload::cpu) return on_gpu_ && state_ >= kStaged && places_.host >= state_ + kHostReserve;
    return offload == Offload::none || places_.disk >= state_;
  }

  MemoryPlan least() const {
    const MemoryPlan* least = nullptr;
    for (const MemoryPlan& plan : plans_)
      if (has_place(plan.offload) && (least == nullptr || plan.total() < least->total())) least = &plan;
    return *least;
  }

  const MemoryPlaces& places_;
  std::uint64_t state_;
  bool automatic_, on_gpu_;
  std::vector<MemoryPlan> plans_;
};

}  // namespace

MemoryPlan plan_offload(const ModelConfig& config, Precision precision, const MemorySettings& settings,
                        const PassShape& longest, const MemoryPlaces& places, const PlanDevice& device) {
  if (settings.offload != Offload::automatic)
    return plan_memory(config, precision, settings, longest, places.limit, places.base, device);
  return Choice(config, precision, settings, longest, places, device).best();
}

}  // namespace film::engine

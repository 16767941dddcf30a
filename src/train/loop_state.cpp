#include "loop_state.h"

namespace film::train {

Json to_json(const LoopState& s) {
  return {{"step", s.step},           {"stage", s.stage},       {"stage_step", s.stage_step},
          {"place", s.cursor},        {"accuracy", s.accuracy}, {"accuracy_weight", s.accuracy_weight},
          {"bad_steps", s.bad_steps}, {"applied", s.applied},   {"pairs", s.pairs},
          {"tokens", s.tokens}};
}

LoopState loop_state_from_json(const Json& j) {
  constexpr const char* kWhere = "training/loop.json";
  LoopState s;
  s.step = member<std::int64_t>(j, "step", kWhere);
  s.stage = member<std::int64_t>(j, "stage", kWhere);
  s.stage_step = member<std::int64_t>(j, "stage_step", kWhere);
  s.cursor = member<std::uint64_t>(j, "place", kWhere);
  s.accuracy = member<double>(j, "accuracy", kWhere);
  s.accuracy_weight = member<double>(j, "accuracy_weight", kWhere);
  s.bad_steps = member<std::int64_t>(j, "bad_steps", kWhere);
  s.applied = member<std::int64_t>(j, "applied", kWhere);
  s.pairs = member<std::uint64_t>(j, "pairs", kWhere);
  s.tokens = member<std::uint64_t>(j, "tokens", kWhere);
  return s;
}

}  // namespace film::train

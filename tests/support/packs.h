#pragma once
// All packs of a step at once, from examples that are in memory.
#include <utility>
#include <vector>

#include "film/batches/make_packs.h"

namespace film::testing {

// batches::PackOptions with the costs of Mistral-7B.
struct Packing {
  std::int64_t budget = 32768;
  engine::LossWeighting weighting = engine::LossWeighting::sample;
  bool share_context = true, pad_lengths = false;
  batches::PackCosts costs = batches::pack_costs(engine::ModelConfig{});

  operator batches::PackOptions() const { return {costs, budget, weighting, share_context, pad_lengths}; }
};

inline std::vector<batches::ExampleShape> shapes_of(const std::vector<batches::EncodedExample>& examples) {
  std::vector<batches::ExampleShape> shapes;
  for (const batches::EncodedExample& example : examples) shapes.push_back(example.shape());
  return shapes;
}

inline std::vector<batches::Pack> make_packs(const std::vector<batches::EncodedExample>& step,
                                             const Packing& packing = {}) {
  const batches::StepPlan plan = plan_step(shapes_of(step), packing);
  std::vector<batches::Pack> packs;
  for (const batches::PackPlan& pack : plan.packs)
    packs.push_back(build_pack(pack, plan.weights, [&](std::size_t e) { return step[e]; }));
  return packs;
}

}  // namespace film::testing

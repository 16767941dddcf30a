#include "pass.h"

#include "film/kernels/kernels.h"

namespace film::generation {

void Rows::add(text::TokenId id, std::int64_t position) {
  ids.push_back(id);
  positions.push_back(position);
}

Tensor numbers(const Model& model, const std::vector<std::int64_t>& list) {
  return at::tensor(list, at::kLong).to(model.options().device());
}

Tensor forward(const Model& model, const Rows& rows, const Attend& attend, Wanted wanted) {
  const auto& [config, weights] = model;
  const model::RopeTable rope = model::rope_table(
      rows.positions, config, model.options().dtype(kernels::opmath_type(weights.embedding_VD)));
  const model::RopeTable no_rope{rope.cos_Th.narrow(0, 0, 0), rope.sin_Th.narrow(0, 0, 0)};
  const model::AttentionPlan none;
  Tensor x = weights.embedding_VD.index_select(0, numbers(model, {rows.ids.begin(), rows.ids.end()}));
  for (std::size_t l = 0; l < weights.layers.size(); ++l) {
    const bool keys_alone = wanted == Wanted::keys_and_values && l + 1 == weights.layers.size();
    const model::BlockInput input{config, none, rope, keys_alone ? numbers(model, {}) : Tensor(),
                                  keys_alone ? no_rope : rope};
    const Tensor attention = attend(l, model::project(weights.layers[l], input, x));
    if (keys_alone) return {};
    x = model::finish_block(weights.layers[l], config, x, attention);
  }
  return x;
}

}  // namespace film::generation

#include "prefix.h"

#include "film/engine/asking_plan.h"
#include "parts.h"

namespace film::generation {

Prefix::Prefix(const Model& model, std::span<const text::TokenId> ids) : ids_(ids.begin(), ids.end()) {
  const std::vector<std::int64_t> shape = {length(), model.config.num_key_value_heads, model.config.head_dim};
  for (std::size_t l = 0; l < model.weights.layers.size(); ++l)
    layers_.push_back({at::empty(shape, model.options()), at::empty(shape, model.options())});
  // A window's plan is made for all rows together.
  const std::int64_t rows = model.config.sliding_window == 0 ? engine::kReadRows : length();
  for (std::int64_t begin = 0; begin < length(); begin += rows)
    read(model, begin, std::min(length(), begin + rows));
}

// Some rows: they see the rows before them, and themselves causally.
void Prefix::read(const Model& model, std::int64_t begin, std::int64_t end) {
  Rows rows;
  for (std::int64_t i = begin; i < end; ++i) rows.add(ids_[static_cast<std::size_t>(i)], i);
  batches::Pack pack;
  pack.ids = rows.ids;
  pack.positions = rows.positions;
  pack.groups = {{{0, rows.size()}, {}}};
  const model::AttentionPlan plan = model::attention_plan(pack, model.config.sliding_window, model.options());
  forward(
      model, rows,
      [&](std::size_t l, const model::Projected& p) -> Tensor {
        const Tensor key = model::keys_of(p.key_value_TKH), value = model::values_of(p.key_value_TKH);
        layers_[l].key.narrow(0, begin, end - begin).copy_(key);
        layers_[l].value.narrow(0, begin, end - begin).copy_(value);
        if (p.query_QNH.size(0) == 0) return {};
        Part part = attend(p.query_QNH, key, value, plan);
        if (begin > 0)
          merge(part, attend_shared(p.query_QNH, layers_[l].key.narrow(0, 0, begin),
                                    layers_[l].value.narrow(0, 0, begin)));
        return part.out_QNH;
      },
      Wanted::keys_and_values);
}

}  // namespace film::generation

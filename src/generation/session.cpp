#include "session.h"

#include <algorithm>

#include "film/engine/asking_plan.h"

namespace film::generation {

using batches::Span;

Session::Session(const Model& model, const Prefix& prefix, std::int64_t suffixes, std::int64_t capacity)
    : model_(model), prefix_(prefix), capacity_(capacity), used_(static_cast<std::size_t>(suffixes)) {
  const std::vector<std::int64_t> shape = {suffixes, capacity, model.config.num_key_value_heads,
                                           model.config.head_dim};
  // Rows that are not filled yet are masked, but must be numbers: 0 x NaN is not 0.
  for (std::size_t l = 0; l < model.weights.layers.size(); ++l)
    cache_.push_back({at::zeros(shape, model.options()), at::zeros(shape, model.options())});
}

Tensor Session::read(const std::vector<std::span<const text::TokenId>>& suffixes) {
  std::vector<Tensor> last;
  for (std::size_t begin = 0, end = 0; begin < suffixes.size(); begin = end) {
    std::size_t rows = suffixes[begin].size();
    for (end = begin + 1; end < suffixes.size() && rows + suffixes[end].size() <= engine::kReadRows; ++end)
      rows += suffixes[end].size();
    last.push_back(read_some(begin, std::span(suffixes).subspan(begin, end - begin)));
  }
  return logits(at::cat(last));
}

// Suffixes from number `first` on. The last layer's output at each one's last id.
Tensor Session::read_some(std::size_t first, std::span<const std::span<const text::TokenId>> suffixes) {
  Rows rows;
  batches::Pack pack;
  pack.groups = {{{0, 0}, {}}};
  std::vector<std::int64_t> slots, last;
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    pack.groups[0].continuations.push_back({rows.size(), static_cast<std::int64_t>(suffixes[i].size())});
    std::int64_t& used = used_[first + i];
    for (const text::TokenId id : suffixes[i]) {
      slots.push_back(static_cast<std::int64_t>(first + i) * capacity_ + used);
      rows.add(id, prefix_.length() + used++);
    }
    last.push_back(rows.size() - 1);
  }
  pack.ids = rows.ids;
  pack.positions = rows.positions;
  const model::AttentionPlan own =
      model::attention_plan(pack, model_.config.sliding_window, model_.options());
  const auto to_itself = [&](std::size_t, const model::Projected& p) {
    return attend(p.query_QNH, model::keys_of(p.key_value_TKH), model::values_of(p.key_value_TKH), own);
  };
  return pass(rows, slots, to_itself).index_select(0, numbers(model_, last));
}

Tensor Session::step(const std::vector<std::int64_t>& which, const text::TokenIds& ids) {
  Rows rows;
  OwnKeys keys{which, {}, model_.config.sliding_window};
  std::vector<std::int64_t> slots;
  for (std::size_t i = 0; i < which.size(); ++i) {
    std::int64_t& used = used_[static_cast<std::size_t>(which[i])];
    slots.push_back(which[i] * capacity_ + used);
    rows.add(ids[i], prefix_.length() + used);
    keys.used.push_back(++used);
  }
  const OwnPlan own = own_plan(keys, static_cast<std::int64_t>(used_.size()), capacity_, model_.options());
  return logits(pass(rows, slots, [&](std::size_t l, const model::Projected& p) {
    return attend_own(p.query_QNH, cache_[l].key, cache_[l].value, own);
  }));
}

// The last layer's output. slots: rows of the cache that receive the rows' keys and values.
Tensor Session::pass(const Rows& rows, const std::vector<std::int64_t>& slots, const ToItself& to_itself) {
  const model::AttentionPlan windows = window_plan(rows);
  const bool sees_prefix = model_.config.sliding_window == 0 ? prefix_.length() > 0 : !windows.empty();
  const Tensor slot_numbers = numbers(model_, slots);
  return forward(model_, rows, [&](std::size_t l, const model::Projected& p) {
    cache_[l].key.flatten(0, 1).index_copy_(0, slot_numbers, model::keys_of(p.key_value_TKH));
    cache_[l].value.flatten(0, 1).index_copy_(0, slot_numbers, model::values_of(p.key_value_TKH));
    Part part = to_itself(l, p);
    if (sees_prefix) merge(part, to_prefix(l, p.query_QNH, windows));
    return part.out_QNH;
  });
}

// All rows see the whole prefix, or what the window leaves of it.
Part Session::to_prefix(std::size_t l, const Tensor& query, const model::AttentionPlan& windows) const {
  const KeysValues& shared = prefix_.layer(l);
  return model_.config.sliding_window == 0 ? attend_shared(query, shared.key, shared.value)
                                           : attend(query, shared.key, shared.value, windows);
}

// With a sliding window each row has a first key of its own, so each that still sees a key of the prefix is a tile.
model::AttentionPlan Session::window_plan(const Rows& rows) const {
  model::AttentionPlan plan;
  const std::int64_t window = model_.config.sliding_window, prefix = prefix_.length();
  if (window == 0) return plan;
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    const std::int64_t low =
        std::max<std::int64_t>(0, rows.positions[static_cast<std::size_t>(row)] - window + 1);
    if (low < prefix)
      plan.push_back({.queries = {row, 1}, .keys = {low, prefix - low}, .first = false});  // added to nothing
  }
  return plan;
}

Tensor Session::logits(const Tensor& hidden_RD) const {
  return model::head_logits(model_.config, model_.weights, hidden_RD);
}

}  // namespace film::generation

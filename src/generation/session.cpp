#include "session.h"

#include <algorithm>
#include <limits>

#include "film/kernels/kernels.h"
#include "own_attention.h"

namespace film::generation {

using batches::Span;
using model::AttentionPlan;

void Session::Rows::add(text::TokenId id, std::int64_t position, std::int64_t slot) {
  ids.push_back(id);
  positions.push_back(position);
  slots.push_back(slot);
}

Session::Session(const engine::ModelConfig& config, const model::ModelTensors& weights,
                 std::span<const text::TokenId> prefix, std::int64_t suffixes, std::int64_t capacity)
    : config_(config),
      weights_(weights),
      prefix_(static_cast<std::int64_t>(prefix.size())),
      suffixes_(suffixes),
      capacity_(capacity),
      used_(static_cast<std::size_t>(suffixes)) {
  const std::vector<std::int64_t> shape = {first_slot(suffixes), config.num_key_value_heads, config.head_dim};
  // Rows that are not filled yet are masked, but must be numbers: 0 x NaN is not 0.
  for (std::size_t l = 0; l < weights.layers.size(); ++l)
    cache_.push_back(
        {at::zeros(shape, weights.embedding_VD.options()), at::zeros(shape, weights.embedding_VD.options())});
  if (!prefix.empty()) read_prefix(prefix);
}

// Only its keys and values are needed, so the last layer's attention and feed-forward are left out.
void Session::read_prefix(std::span<const text::TokenId> ids) {
  Rows rows;
  for (std::int64_t i = 0; i < prefix_; ++i) rows.add(ids[static_cast<std::size_t>(i)], i, i);
  batches::Pack pack;
  pack.ids = rows.ids;
  pack.positions = rows.positions;
  pack.groups = {{{0, prefix_}, {}}};
  const AttentionPlan plan =
      model::attention_plan(pack, config_.sliding_window, weights_.embedding_VD.options());
  const auto attend = [&](const LayerCache& cache, const Tensor& query, Tensor& out, Tensor& lse) {
    model::attention_forward(query, cache.key_SMH, cache.value_SMH, plan, out, lse);
  };
  forward(rows, attend, Wanted::keys_and_values);
}

Tensor Session::read(const std::vector<std::span<const text::TokenId>>& suffixes) {
  Rows rows;
  std::vector<std::int64_t> last;
  for (std::size_t s = 0; s < suffixes.size(); ++s) {
    const std::int64_t slot = first_slot(static_cast<std::int64_t>(s));
    for (const text::TokenId id : suffixes[s]) {
      rows.add(id, prefix_ + used_[s], slot + used_[s]);
      ++used_[s];
    }
    last.push_back(rows.size() - 1);
  }
  AttentionPlan plan;
  see_prefix(plan, rows);
  std::int64_t row = 0;
  for (std::size_t s = 0; s < suffixes.size(); ++s) {
    see_itself(plan, {row, used_[s]}, first_slot(static_cast<std::int64_t>(s)));
    row += used_[s];
  }
  const Tensor hidden =
      forward(rows, [&](const LayerCache& cache, const Tensor& query, Tensor& out, Tensor& lse) {
        model::attention_forward(query, cache.key_SMH, cache.value_SMH, plan, out, lse);
      });
  return logits(hidden.index_select(0, numbers(last)));
}

Tensor Session::step(const std::vector<std::int64_t>& which, const text::TokenIds& ids) {
  Rows rows;
  for (std::size_t i = 0; i < which.size(); ++i) {
    std::int64_t& used = used_[static_cast<std::size_t>(which[i])];
    rows.add(ids[i], prefix_ + used, first_slot(which[i]) + used);
    ++used;
  }
  AttentionPlan plan;
  see_prefix(plan, rows);
  const Tensor mask = own_mask(which);
  return logits(forward(rows, [&](const LayerCache& cache, const Tensor& query, Tensor& out, Tensor& lse) {
    out.zero_();
    lse.fill_(-std::numeric_limits<double>::infinity());
    model::attention_forward(query, cache.key_SMH, cache.value_SMH, plan, out, lse);
    const OwnAttention own = attend_own(query, own_rows(cache.key_SMH, which, mask.size(1)),
                                        own_rows(cache.value_SMH, which, mask.size(1)), mask);
    kernels::merge_attention(out, lse, own.out_QNH, own.lse_QN);
  }));
}

Tensor Session::logits(const Tensor& hidden_RD) const {
  return model::head_logits(config_, weights_, hidden_RD);
}

Tensor Session::numbers(const std::vector<std::int64_t>& list) const {
  return at::tensor(list, at::kLong).to(weights_.embedding_VD.device());
}

// All rows see the whole prefix in one tile. With a sliding window each row has a first key of its own, so each that
// still sees a key of the prefix is a tile.
void Session::see_prefix(AttentionPlan& plan, const Rows& rows) const {
  if (prefix_ == 0) return;
  if (config_.sliding_window == 0) return plan.push_back({.queries = {0, rows.size()}, .keys = {0, prefix_}});
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    const std::int64_t low =
        std::max<std::int64_t>(0, rows.positions[static_cast<std::size_t>(row)] - config_.sliding_window + 1);
    if (low < prefix_) plan.push_back({.queries = {row, 1}, .keys = {low, prefix_ - low}});
  }
}

// The first ids of a suffix see themselves causally. Rows whose window has left the prefix are written here first.
void Session::see_itself(AttentionPlan& plan, const Span& rows, std::int64_t slot) const {
  if (config_.sliding_window == 0)
    return plan.push_back(
        {.queries = rows, .keys = {slot, rows.length}, .causal = true, .first = prefix_ == 0});
  for (std::int64_t i = 0; i < rows.length; ++i) {
    const std::int64_t low = prefix_ + i - config_.sliding_window + 1,
                       own = std::max<std::int64_t>(0, low - prefix_);
    plan.push_back({.queries = {rows.begin + i, 1},
                    .keys = {slot + own, i + 1 - own},
                    .first = std::max<std::int64_t>(0, low) >= prefix_});
  }
}

// [which, longest]: 0 for the filled rows of a suffix that its last one sees, -inf for the others.
Tensor Session::own_mask(const std::vector<std::int64_t>& which) const {
  std::int64_t longest = 0;
  for (const std::int64_t suffix : which)
    longest = std::max(longest, used_[static_cast<std::size_t>(suffix)]);
  const auto count = static_cast<std::int64_t>(which.size());
  Tensor mask = at::full({count, longest}, -std::numeric_limits<float>::infinity(), at::kFloat);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t used = used_[static_cast<std::size_t>(which[static_cast<std::size_t>(i)])];
    const std::int64_t seen = config_.sliding_window == 0 ? used : std::min(used, config_.sliding_window);
    std::fill_n(mask.mutable_data_ptr<float>() + i * longest + used - seen, seen, 0.0f);
  }
  return mask.to(weights_.embedding_VD.options());
}

// The cache rows of some suffixes, [which, longest, M, H]; a view when it is all of them.
Tensor Session::own_rows(const Tensor& cache_SMH, const std::vector<std::int64_t>& which,
                         std::int64_t longest) const {
  const Tensor all = cache_SMH.narrow(0, prefix_, suffixes_ * capacity_)
                         .view({suffixes_, capacity_, cache_SMH.size(1), cache_SMH.size(2)})
                         .narrow(1, 0, longest);
  return static_cast<std::int64_t>(which.size()) == suffixes_ ? all : all.index_select(0, numbers(which));
}

// The last layer's output for every row, where it is wanted. attend(cache, query, out, log-sum-exp) is called once a
// layer, when the cache holds the keys and values of the rows.
template <class Attend>
Tensor Session::forward(const Rows& rows, const Attend& attend, Wanted wanted) {
  const std::vector<std::int64_t> ids(rows.ids.begin(), rows.ids.end());
  const model::RopeTable rope =
      model::rope_table(rows.positions, config_,
                        weights_.embedding_VD.options().dtype(kernels::opmath_type(weights_.embedding_VD)));
  const AttentionPlan none;
  const model::BlockInput input{config_, none, rope, {}, rope};
  const Tensor slots = numbers(rows.slots);
  Tensor x = weights_.embedding_VD.index_select(0, numbers(ids));
  for (std::size_t l = 0; l < cache_.size(); ++l) {
    const model::Projected p = model::project(weights_.layers[l], input, x);
    cache_[l].key_SMH.index_copy_(0, slots, model::keys_of(p.key_value_TKH));
    cache_[l].value_SMH.index_copy_(0, slots, model::values_of(p.key_value_TKH));
    if (wanted == Wanted::keys_and_values && l + 1 == cache_.size()) break;
    Tensor out = at::empty(p.query_QNH.sizes(), p.query_QNH.options());
    Tensor lse = at::empty({p.query_QNH.size(0), p.query_QNH.size(1)},
                           p.query_QNH.options().dtype(kernels::opmath_type(x)));
    attend(cache_[l], p.query_QNH, out, lse);
    x = model::finish_block(weights_.layers[l], config_, x, out);
  }
  return x;
}

}  // namespace film::generation

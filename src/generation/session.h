#pragma once
// Suffixes of one prefix, decoded together. Every suffix attends to the prefix and to itself; the two parts are merged by
// log-sum-exp.
#include "parts.h"
#include "prefix.h"

namespace film::generation {

class Session {
 public:
  // capacity: cache rows of each suffix, for its own ids and the new ones.
  Session(const Model& model, const Prefix& prefix, std::int64_t suffixes, std::int64_t capacity);

  // Reads the first ids of every suffix, once. Logits behind each one's last id, [suffixes, V].
  Tensor read(const std::vector<std::span<const text::TokenId>>& suffixes);
  // Reads one more id of each of some suffixes, ascending. Logits behind it, [which, V].
  Tensor step(const std::vector<std::int64_t>& which, const text::TokenIds& ids);

 private:
  Tensor logits(const Tensor& hidden_RD) const;
  model::AttentionPlan window_plan(const Rows& rows) const;
  Tensor read_some(std::size_t first, std::span<const std::span<const text::TokenId>> suffixes);
  // Attention of the rows of a pass to their own suffix.
  using ToItself = std::function<Part(std::size_t layer, const model::Projected& projected)>;
  Tensor pass(const Rows& rows, const std::vector<std::int64_t>& slots, const ToItself& to_itself);
  Part to_prefix(std::size_t layer, const Tensor& query_QNH, const model::AttentionPlan& windows) const;

  Model model_;
  const Prefix& prefix_;
  std::int64_t capacity_;
  std::vector<std::int64_t> used_;  // cache rows of each suffix that are filled
  std::vector<KeysValues> cache_;   // by layer, [suffixes, capacity, M, H]
};

}  // namespace film::generation

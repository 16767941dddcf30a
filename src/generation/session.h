#pragma once
// The KV cache of one prefix with many suffixes. Every suffix attends to the prefix and to itself; the two parts are
// merged by log-sum-exp.
#include <span>
#include <vector>

#include "film/model/mistral.h"
#include "film/text/tokenizer.h"

namespace film::generation {

using at::Tensor;

class Session {
 public:
  // Reads the prefix (may be empty). capacity: cache rows of each suffix, for its own ids and the new ones.
  Session(const engine::ModelConfig& config, const model::ModelTensors& weights,
          std::span<const text::TokenId> prefix, std::int64_t suffixes, std::int64_t capacity);

  // Reads the first ids of every suffix, once. Logits behind each one's last id, [suffixes, V].
  Tensor read(const std::vector<std::span<const text::TokenId>>& suffixes);
  // Reads one more id of each of some suffixes, ascending. Logits behind it, [which, V].
  Tensor step(const std::vector<std::int64_t>& which, const text::TokenIds& ids);

 private:
  struct LayerCache {
    Tensor key_SMH, value_SMH;  // rows of the prefix, then `capacity` rows of every suffix
  };
  struct Rows {  // what one pass reads: ids with their positions and their rows of the cache
    text::TokenIds ids;
    std::vector<std::int64_t> positions, slots;
    void add(text::TokenId id, std::int64_t position, std::int64_t slot);
    std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
  };

  enum class Wanted { hidden_states, keys_and_values };
  template <class Attend>
  Tensor forward(const Rows& rows, const Attend& attend, Wanted wanted = Wanted::hidden_states);
  Tensor logits(const Tensor& hidden_RD) const;
  Tensor numbers(const std::vector<std::int64_t>& list) const;
  std::int64_t first_slot(std::int64_t suffix) const { return prefix_ + suffix * capacity_; }
  void read_prefix(std::span<const text::TokenId> ids);
  void see_prefix(model::AttentionPlan& plan, const Rows& rows) const;
  void see_itself(model::AttentionPlan& plan, const batches::Span& rows, std::int64_t slot) const;
  Tensor own_mask(const std::vector<std::int64_t>& which) const;
  Tensor own_rows(const Tensor& cache_SMH, const std::vector<std::int64_t>& which,
                  std::int64_t longest) const;

  const engine::ModelConfig& config_;
  const model::ModelTensors& weights_;
  std::int64_t prefix_, suffixes_, capacity_;
  std::vector<std::int64_t> used_;  // cache rows of each suffix that are filled
  std::vector<LayerCache> cache_;
};

}  // namespace film::generation

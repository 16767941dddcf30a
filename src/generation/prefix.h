#pragma once
// What prompts share: the keys and values of its ids, read once. P ids, M key heads, H head size.
#include <span>
#include <vector>

#include "pass.h"

namespace film::generation {

struct KeysValues {
  Tensor key, value;
};

class Prefix {
 public:
  // Reads the ids (there may be none), engine::kReadRows at a time.
  Prefix(const Model& model, std::span<const text::TokenId> ids);

  const text::TokenIds& ids() const { return ids_; }
  std::int64_t length() const { return static_cast<std::int64_t>(ids_.size()); }
  const KeysValues& layer(std::size_t l) const { return layers_[l]; }  // [P, M, H]

 private:
  void read(const Model& model, std::int64_t begin, std::int64_t end);

  text::TokenIds ids_;
  std::vector<KeysValues> layers_;
};

}  // namespace film::generation

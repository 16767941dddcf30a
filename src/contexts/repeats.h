#pragma once
// Private to the module: does one text repeat another?
#include <cstdint>
#include <span>
#include <unordered_set>

#include "film/text/tokenizer.h"

namespace film::contexts {

// Remembers texts by their runs of 4 tokens.
class Repeats {
 public:
  void add(std::span<const text::TokenId> text);
  // Whether the text has 16 tokens in a row of one that was added, or more than half of its runs of 4.
  bool found_in(std::span<const text::TokenId> text) const;

 private:
  std::unordered_set<std::uint64_t> runs_;
};

}  // namespace film::contexts

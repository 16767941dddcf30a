#pragma once
// What reasoning models write before they answer.
#include <string>
#include <string_view>

namespace film {

struct Thinking {
  std::string_view answer;     // what stands behind the thinking; all of a text without any
  std::size_t characters = 0;  // bytes of the thinking, its marks included
  bool unfinished = false;     // the thinking never ends: there is no answer
};

// Marks of thinking that models are known to use: <think>, <thinking>, <thought>, <reasoning>, <seed:think>, [THINK],
// ◁think▷ with their closing marks, in any case, and the channels of <|channel|>analysis … <|channel|>final. The opening
// mark may be missing (many chat templates put it into the prompt). The answer stands behind the last closing mark.
Thinking split_thinking(std::string_view text);

}  // namespace film

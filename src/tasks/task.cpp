#include "film/tasks/task.h"

namespace film::tasks {

std::string Passage::text() const {
  std::string joined;
  for (const std::string& piece : pieces) {
    if (!joined.empty()) joined += '\n';
    joined += piece;
  }
  return joined;
}

std::uint64_t Task::item_count() const {
  std::uint64_t count = 0;
  for (const ContextItems& context : contexts) count += context.items.size();
  return count;
}

LineTokens line_tokens(const text::Tokenizer& tokenizer) {
  const auto line_break = static_cast<std::uint32_t>(tokenizer.encode_continuation("\n").size());
  return [tokenizer, line_break](std::string_view line) {
    return static_cast<std::uint32_t>(tokenizer.encode_continuation(line).size()) + line_break;
  };
}

}  // namespace film::tasks

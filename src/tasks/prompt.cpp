#include "prompt.h"

namespace film::tasks {
namespace {

std::string choice_lines(const std::vector<std::string>& choices) {
  std::string lines;
  for (std::size_t c = 0; c < choices.size(); ++c)
    lines += (c == 0 ? "" : "\n") + choice_letter(c) + ". " + choices[c];
  return lines;
}

}  // namespace

std::string filled_prompt(const TaskSpec& spec, const TaskRow& row, const std::string& examples) {
  const bool in_front = spec.prompt.find("{examples}") == std::string::npos;
  const std::pair<std::string_view, std::string> values[] = {{"{context}", row.context},
                                                             {"{question}", row.question},
                                                             {"{choices}", choice_lines(row.choices)},
                                                             {"{examples}", examples}};
  std::string filled = in_front ? examples : "";
  for (std::string_view rest = spec.prompt; !rest.empty();) {
    const auto* found = std::find_if(std::begin(values), std::end(values),
                                     [&](const auto& value) { return rest.starts_with(value.first); });
    if (found == std::end(values)) {
      filled += rest.front();
      rest.remove_prefix(1);
    } else {
      filled += found->second;
      rest.remove_prefix(found->first.size());
    }
  }
  return filled;
}

std::string filled_examples(const TaskSpec& spec, const std::vector<TaskRow>& rows) {
  std::string text;
  for (const TaskRow& row : rows)
    text += filled_prompt(spec, row, "") + spec.answer_lead + row.answers.front() + spec.shots.separator;
  return text;
}

Truncated without_middle(const std::string& text, std::uint32_t max_tokens,
                         const text::Tokenizer& tokenizer) {
  const text::TokenIds ids = tokenizer.encode(text);
  if (ids.size() + 1 <= max_tokens) return {text, 0};
  const std::size_t half = max_tokens / 2, front = half == 0 ? 0 : half - 1;  // <s> is one of the first half
  const std::span<const text::TokenId> all(ids);
  return {tokenizer.decode(all.first(front)) + tokenizer.decode(all.last(half)), ids.size() - front - half};
}

}  // namespace film::tasks

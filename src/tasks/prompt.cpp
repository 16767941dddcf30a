#include "prompt.h"

#include <algorithm>

#include "film/base/fill_template.h"

namespace film::tasks {
namespace {

std::string choice_lines(const std::vector<std::string>& choices) {
  std::string lines;
  for (std::size_t c = 0; c < choices.size(); ++c)
    lines += (c == 0 ? "" : "\n") + choice_letter(c) + ". " + choices[c];
  return lines;
}

TemplateValues values_of_others(const TaskSpec& spec, const TaskRow& row) {
  TemplateValues values;
  for (std::size_t i = 0; i < row.others.size(); ++i)
    values.emplace_back("{" + spec.columns.others[i] + "}", row.others[i]);
  return values;
}

// `spec.prompt` alone.
std::string filled_question(const TaskSpec& spec, const TaskRow& row, const std::string& examples) {
  TemplateValues values = values_of_others(spec, row);
  values.insert(values.end(), {{"{context}", row.context},
                               {"{question}", row.question},
                               {"{choices}", choice_lines(row.choices)},
                               {"{examples}", examples}});
  std::string text = fill_template(spec.prompt, values);
  for (const Cleaning& cleaning : spec.clean)
    if (cleaning.of == "prompt") text = cleaned(text, cleaning.by);
  return text;
}

}  // namespace

std::string filled_prompt(const TaskSpec& spec, const TaskRow& row, const std::string& examples) {
  const bool in_front = spec.prompt.find("{examples}") == std::string::npos;
  return fill_template(spec.description, values_of_others(spec, row)) + (in_front ? examples : "") +
         filled_question(spec, row, examples);
}

std::string filled_examples(const TaskSpec& spec, const std::vector<TaskRow>& rows) {
  std::string text;
  for (const TaskRow& row : rows)
    text += filled_question(spec, row, "") + spec.answer_lead + row.answers.front() + spec.shots.separator;
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

#include "show_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "film/base/format.h"
#include "film/base/terminal.h"

namespace film::cli {
namespace {

constexpr const char *kMarkStyle = "\x1b[1;33m", *kPlainStyle = "\x1b[0m";

std::string marked_text(const std::string& text, bool colour) {
  return colour ? kMarkStyle + text + kPlainStyle : "«" + text + "»";
}

std::string part_text(const ContextPart& part, bool colour) {
  if (part.left_out > 0)
    return fmt::format("[… {} {} left out …]", grouped(part.left_out),
                       part.left_out == 1 ? "piece" : "pieces");
  const std::string text = printable(part.text);
  return part.evidence ? marked_text(text, colour) : text;
}

std::string evidence_text(const std::vector<std::uint32_t>& positions, std::size_t pieces) {
  std::string text;
  for (const std::uint32_t position : positions)
    text += (text.empty() ? "" : ", ") + std::to_string(position + 1);
  return text.empty() ? "none" : "segment " + text + " of " + std::to_string(pieces);
}

// Of a context without evidence: which one it repeats.
std::string twin_text(const Context& context) {
  return context.twin_of ? " (twin of context " + std::to_string(*context.twin_of) + ")" : "";
}

}  // namespace

std::string context_line(const Context& context, std::size_t questions) {
  return fmt::format("{:>6}  {:<12} {:<10} {:>7} tokens  {:>4} segments  {}{}\n", context.id,
                     name_of(context.kind), name_of(context.split), grouped(context.tokens),
                     context.segments.size(), counted(questions, "question"), twin_text(context));
}

std::string context_text(const ShownContext& shown, bool colour) {
  const Context& context = shown.context;
  std::string text =
      fmt::format("context {} · {} · {} · {} tokens in {} segments · evidence: {}{}\n\n", context.id,
                  name_of(context.kind), name_of(context.split), grouped(context.tokens), shown.pieces.size(),
                  evidence_text(context.evidence, shown.pieces.size()), twin_text(context));
  for (const ContextPart& part : marked(shown.pieces, context.evidence))
    text += part_text(part, colour) + "\n";
  for (const Question& question : shown.questions)
    text += fmt::format("\nQuestion: {}\nAnswer:   {}  ({})\n", printable(question.question),
                        printable(question.answer), evidence_text(question.evidence, shown.pieces.size()));
  if (shown.questions.empty()) text += "\n(no question about it)\n";
  return text;
}

std::string answer_text(const ShownAnswer& shown, bool colour) {
  const Prediction& p = shown.prediction;
  std::string text = fmt::format("{} {} · {} · score {:.2f}", p.task, p.id, shown.model, p.score);
  if (p.evidence)
    text += fmt::format(" · evidence: segment {} of {}", p.evidence->slot + 1, p.evidence->slots);
  text += "\n";
  if (!shown.question.empty()) text += "  Question: " + printable(shown.question) + "\n";
  text += "  Expected: " + printable(p.expected) + "\n  Got:      " + printable(p.output) + "\n";
  if (!shown.parts.empty()) text += "\n";
  for (const ContextPart& part : shown.parts) text += part_text(part, colour) + "\n";
  for (const ShownContext& context : shown.context) text += "\n" + context_text(context, colour);
  return text;
}

Json context_json(const ShownContext& shown) {
  Json questions = Json::array();
  for (const Question& question : shown.questions)
    questions.push_back(
        {{"question", question.question}, {"answer", question.answer}, {"evidence", question.evidence}});
  Json json = {{"id", shown.context.id},
               {"kind", name_of(shown.context.kind)},
               {"split", name_of(shown.context.split)},
               {"tokens", shown.context.tokens},
               {"segments", shown.pieces},
               {"evidence", shown.context.evidence},
               {"questions", questions}};
  if (shown.context.alike) json["alike"] = *shown.context.alike;
  if (shown.context.twin_of) json["twin_of"] = *shown.context.twin_of;
  return json;
}

Json answer_json(const ShownAnswer& shown) {
  Json json = to_json(shown.prediction);
  json["model"] = shown.model;
  if (!shown.question.empty()) json["question"] = shown.question;
  if (!shown.context.empty()) json["context"] = context_json(shown.context.front());
  if (!shown.parts.empty()) {
    json["parts"] = Json::array();
    for (const ContextPart& part : shown.parts) json["parts"].push_back(to_json(part));
  }
  return json;
}

}  // namespace film::cli

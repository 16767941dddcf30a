#include "samples_html.h"

#include <fmt/format.h>

#include "answers_text.h"
#include "film/base/format.h"
#include "html.h"
#include "numbers.h"

namespace film::report {
namespace {

std::string part_html(const ContextPart& part) {
  if (part.left_out > 0)
    return tag("p",
               fmt::format("… {} {} left out …", grouped(part.left_out),
                           part.left_out == 1 ? "piece" : "pieces"),
               "gap") +
           "\n";
  if (part.evidence) return "<p><mark>" + escaped(part.text) + "</mark></p>\n";
  return tag("p", part.text, part.taken ? "taken" : "") + "\n";
}

}  // namespace

std::string parts_html(const std::vector<ContextPart>& parts) {
  std::string html = "<div class=\"context\">\n";
  for (const ContextPart& part : parts) html += part_html(part);
  return html + "</div>\n";
}

namespace {

bool holds_taken(const AnswerSample& sample) {
  for (const ContextPart& part : sample.context)
    if (part.taken) return true;
  return false;
}

std::string context_html(const AnswerSample& sample) {
  if (sample.context.empty()) return "";
  std::string html = "<details><summary>Context, the evidence marked";
  html += holds_taken(sample) ? "; underlined: where the given answer occurs" : "";
  return html + "</summary>\n" + parts_html(sample.context) + "</details>\n";
}

// "after · wrong · evidence in piece 3 of 8 (31 % deep)"
std::string headline(const AnswerSample& sample) {
  const Prediction& p = sample.prediction;
  const std::string verdict = !p.is_scored() ? "not scored"
                              : p.score >= 1 ? "right"
                              : p.score > 0  ? "score " + fixed(p.score, 2)
                                             : "wrong";
  std::string text = sample.model + " · " + verdict;
  if (p.evidence)
    text += fmt::format(" · evidence in piece {} of {} ({} % deep)", p.evidence->slot + 1, p.evidence->slots,
                        fixed(100 * p.evidence->depth(), 0));
  return text + " · " + p.id;
}

std::string given_text(const Prediction& p) {
  std::string text = p.output.empty() ? "(nothing)" : p.output;
  if (p.state) text += "  [" + state_text(*p.state) + "]";
  return p.detail && !p.detail->empty() ? text + " " + *p.detail : text;
}

std::string sample_html(const AnswerSample& sample) {
  const bool right = sample.prediction.is_scored() && sample.prediction.score >= 1;
  return std::string("<div class=\"sample ") + (right ? "right" : "wrong") + "\">\n" +
         tag("p", headline(sample), "badge") + "\n<dl class=\"facts\">\n" + tag("dt", "question") +
         tag("dd", sample.question) + "\n" + tag("dt", "expected") + tag("dd", sample.prediction.expected) +
         "\n" + tag("dt", "got") + tag("dd", given_text(sample.prediction)) + "\n</dl>\n" +
         context_html(sample) + "</div>\n";
}

}  // namespace

std::string samples_html(const ReportInput& input) {
  std::string html, task;
  for (const AnswerSample& sample : input.samples) {
    if (sample.prediction.task != task) {
      html += (task.empty() ? "" : "</details>\n");
      task = sample.prediction.task;
      html += (html.empty() ? "<details open=\"\">" : "<details>") + tag("summary", task, "task") + "\n";
    }
    html += sample_html(sample);
  }
  if (html.empty()) return "";
  return "<h2>Answers</h2>\n<p>A few wrong and right answers of each model, from the beginning to the end of "
         "the contexts. All of them are in the folder of the evaluation: <code>film show EVAL</code>.</p>\n" +
         html + "</details>\n";
}

}  // namespace film::report

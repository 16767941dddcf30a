// The averages as a table for a paper.
#include "figures.h"
#include "film/base/terminal.h"
#include "numbers.h"

namespace film::report {
namespace {

// Text with nothing that LaTeX would take for a command.
std::string safe_latex(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '\\')
      result += "\\textbackslash{}";
    else if (c == '~' || c == '^')
      result += std::string("\\") + c + "{}";
    else if (std::string_view("&%$#_{}").find(c) != std::string_view::npos)
      (result += '\\') += c;
    else
      result += c == '\n' || c == '\t' ? ' ' : c;
  }
  return result;
}

// "$[1.2, 3.4]$"; a minus sign of Unicode is not in every font.
std::string latex_interval(double low, double high) {
  return "$[" + fixed(low, 1) + ", " + fixed(high, 1) + "]$";
}

// The comparison of a model with the first, on a task.
const Comparison* comparison_of(const ReportInput& input, const std::string& task, const ModelScores& model) {
  for (const Comparison* c : comparisons_of(input, task))
    if (c->after == model.label) return c;
  return nullptr;
}

bool is_clear(const Comparison* c) { return c != nullptr && (c->low > 0 || c->high < 0); }

std::string rows_of(const ReportInput& input, const std::string& task) {
  std::string values = safe_latex(task), intervals;
  for (const ModelScores& model : input.models) {
    const Score* score = find_score(model, task);
    const bool clear = is_clear(comparison_of(input, task, model));
    values += " & " + (score != nullptr ? fixed(score->average, 1) + (clear ? "$^{*}$" : "") : "");
    intervals += " & " + (score != nullptr ? latex_interval(score->low, score->high) : "");
  }
  return values + " \\\\\n" + intervals + " \\\\\n";
}

// 0.0123 as a paper has it: "0.012", "$<$0.001".
std::string latex_p(double p) { return p < 0.001 ? "$<$0.001" : fixed(p, 3); }

}  // namespace

std::string pairs_latex(const ReportInput& input) {
  std::string text =
      "% Paired differences of the plain means, in points, with 95 % bootstrap intervals over contexts; p of "
      "a\n"
      "% permutation of signs, corrected by Holm's rule over all rows. A star: corrected p below 0.05.\n"
      "\\begin{tabular}{llrrrr}\n\\hline\n"
      "task & models & $n$ & difference & $p$ & $p$ corrected \\\\\n\\hline\n";
  for (const PairDifference& pair : input.pairs)
    text += safe_latex(pair.task) + " & " + safe_latex(pair.second) + " $-$ " + safe_latex(pair.first) +
            " & " + std::to_string(pair.count) + " & $" + fixed(pair.difference, 1) + "$ " +
            latex_interval(pair.low, pair.high) + (pair.is_real() ? "$^{*}$" : "") + " & " + latex_p(pair.p) +
            " & " + latex_p(pair.corrected) + " \\\\\n";
  return text + "\\hline\n\\end{tabular}\n";
}

std::string report_latex(const ReportInput& input) {
  std::string text =
      "% Averages, 0 to 100, with 95 % intervals below. A star: the paired difference from the first model\n"
      "% on the same questions has a 95 % interval without 0.\n\\begin{tabular}{l" +
      std::string(input.models.size(), 'r') + "}\n\\hline\ntask";
  for (const ModelScores& model : input.models) text += " & " + safe_latex(model.label);
  text += " \\\\\n\\hline\n";
  for (const std::string& task : task_order(input)) text += rows_of(input, task);
  return text + "\\hline\n\\end{tabular}\n";
}

}  // namespace film::report

// microsoft/FILM's result files, of VaL Probing and of its long and short tasks: {"samples": ["…"]} from vLLM,
// {"sample": "…"} from an endpoint, null where the endpoint gave nothing.
#include "film/base/error.h"
#include "form.h"

namespace film::outputs {

Output read_val(const Json& row, const std::string& where) {
  Output output;
  if (row.contains("sample")) {
    set_text(output, row["sample"], "sample", where);
    return output;
  }
  const Json samples = row.contains("samples") ? row["samples"] : Json();
  if (!samples.is_array() || samples.size() != 1)
    throw bad_data(
        where + ": key \"samples\" must be a list of one output, got " + to_line(samples).substr(0, 80),
        "keep one output of each question: scores are of greedy answers");
  set_text(output, samples[0], "samples", where);
  return output;
}

// sample_code_backward_32k.jsonl
std::string task_of_val(const std::string& stem) {
  constexpr std::string_view kLead = "sample_";
  return stem.starts_with(kLead) ? stem.substr(kLead.size()) : stem;
}

}  // namespace film::outputs

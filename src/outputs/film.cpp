// film's own predictions (records/scores.h). A row needs `output` alone; `expected`, `task` and `id` where it has them.
#include "form.h"

namespace film::outputs {

Output read_film(const Json& row, const std::string& where) {
  Output output;
  output.task = id_of(row, "task");
  output.id = id_of(row, "id");
  set_text(output, row.contains("output") ? row["output"] : Json(), "output", where);
  if (row.contains("expected")) output.answers = texts_of(row["expected"], "expected", where);
  if (row.contains("log_likelihoods"))
    output.log_likelihoods = member<std::vector<double>>(row, "log_likelihoods", where);
  if (row.contains("state")) {
    output.state = member<AnswerState>(row, "state", where);
    output.detail = id_of(row, "detail");
  }
  return output;
}

}  // namespace film::outputs

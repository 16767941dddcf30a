// film's own predictions (records/scores.h), which hold the first accepted answer and no choices. A row needs `output`
// and `expected`; `task`, `id`, `state` and `log_likelihoods` are read where it has them.
#include "form.h"

namespace film::outputs {

Output read_film(const Json& row, const std::string& where) {
  Output output;
  output.task = id_of(row, "task");
  output.id = id_of(row, "id");
  set_text(output, row.contains("output") ? row["output"] : Json(), "output", where);
  output.all_answers = false;
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

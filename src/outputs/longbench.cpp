// What THUDM/LongBench's pred.py writes, a file for each task: {"pred", "answers", "all_classes", "length"}, in later
// versions with "_id".
#include "film/base/error.h"
#include "form.h"

namespace film::outputs {

Output read_longbench(const Json& row, const std::string& where) {
  Output output;
  output.id = id_of(row, "_id");
  set_text(output, row.at("pred"), "pred", where);
  output.answers = texts_of(row.at("answers"), "answers", where);
  return output;
}

}  // namespace film::outputs

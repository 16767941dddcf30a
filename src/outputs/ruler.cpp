// What NVIDIA/RULER's call_api.py writes, a file for each task: {"index", "pred", "input", "outputs", …}. The index
// numbers the samples of a run, but was the same for several in some versions: it is an id only where it is unique.
#include "film/base/error.h"
#include "form.h"

namespace film::outputs {

Output read_ruler(const Json& row, const std::string& where) {
  Output output;
  output.id = id_of(row, "index");
  set_text(output, row.at("pred"), "pred", where);
  output.answers = texts_of(row.at("outputs"), "outputs", where);
  return output;
}

}  // namespace film::outputs

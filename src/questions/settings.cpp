#include "film/questions/settings.h"

#include "film/base/error.h"

namespace film::questions {

void ImportSettings::describe(Fields& f) {
  f.add("file", file, "CSV, TSV or JSONL file of written questions").runtime().path();
  f.add("split", split, "the split whose contexts the questions are about; a column split goes first");
}

void QaSettings::describe(Fields& f) {
  f.add("seed", seed, "seed of every random choice");
  f.add("threads", threads, "threads to use; 0 = all cores").range(0, 4096).runtime();
  f.add("data", data, "the DATA folder whose contexts are asked about").runtime().path();
  f.add("tokenizer", tokenizer, "the .model file that film synth used; empty = where it was then")
      .runtime()
      .path();
  f.add("generator", generator, "who writes the questions");
  f.add("per_context", per_context, "evidence segments of a context that are asked about, at most; 0 = all")
      .range(0, 1e6);
  f.group("offline", offline);
  f.group("endpoint", endpoint);
  f.group("import", import);
  f.group("general", general);
  f.group("twins", twins);
}

void QaSettings::check() const {
  if ((generator == GeneratorKind::import) == import.file.empty())
    throw config_error("generator import and the setting import.file go together",
                       "film qa DATA --import FILE sets both");
  if (generator == GeneratorKind::endpoint) endpoint.server.check();
  offline.check();
  twins.check();
}

}  // namespace film::questions

#pragma once
// A RUN folder that `film train` wrote, opened for reading; finished or not. Layout: docs/formats.md.
#include <optional>
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/records/run_facts.h"

namespace film::folders {

class RunFolder {
 public:
  // Throws no_input (no run in `folder`) and bad_data, with the file and the key at fault.
  explicit RunFolder(const fs::path& folder);

  const fs::path& path() const { return path_; }
  bool finished() const { return facts_.has_value(); }
  const TrainFacts& facts() const;    // throws no_input: the run is not finished
  fs::path final_checkpoint() const;  // of a finished run; throws as facts() does
  // What the run began with: checkpoints/initial of a new model, or the model folder of its settings; nothing
  // if it named none.
  std::optional<fs::path> starting_point() const;
  std::vector<Json> metrics() const;  // rows of metrics.jsonl; none if there is no such file

 private:
  fs::path path_;
  fs::path model_folder_;  // of the settings; may be empty
  std::optional<TrainFacts> facts_;
};

}  // namespace film::folders

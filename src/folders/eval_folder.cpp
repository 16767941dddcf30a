#include "film/folders/eval_folder.h"

#include "film/base/lines.h"
#include "finished.h"

namespace film::folders {
EvalFolder::EvalFolder(const fs::path& folder)
    : path_(folder),
      manifest_(finished_manifest(folder, "evaluation", "film eval")),
      facts_(from_json<EvalFacts>(manifest_.facts(), manifest_.path().string())) {}

void EvalFolder::require_unchanged() const {
  manifest_.check_content("put the file back; or delete " + manifest_.path().string() +
                          " and run the same film eval again: answers that are there are not asked again");
}

Json EvalFolder::scores() const {
  require_unchanged();
  return read_json(path_ / "scores.json");
}

std::vector<AnswerSample> EvalFolder::samples() const {
  std::vector<AnswerSample> list;
  if (!fs::exists(path_ / kSamplesFile)) return list;
  for_each_record(path_ / kSamplesFile, [&](const Json& line, const std::string& where) {
    list.push_back(from_json<AnswerSample>(line, where));
  });
  return list;
}

}  // namespace film::folders

#include "film/folders/eval_folder.h"

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/manifest.h"

namespace film::folders {
namespace {

EvalFacts read_facts(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file))
    throw no_input(folder.string() + " holds no finished evaluation (no manifest.json)",
                   "run film eval first");
  return from_json<EvalFacts>(Manifest::read(file).facts(), file.string());
}

}  // namespace

EvalFolder::EvalFolder(const fs::path& folder) : path_(folder), facts_(read_facts(folder)) {}

std::vector<AnswerSample> EvalFolder::samples() const {
  std::vector<AnswerSample> list;
  if (!fs::exists(path_ / kSamplesFile)) return list;
  for_each_record(path_ / kSamplesFile, [&](const Json& line, const std::string& where) {
    list.push_back(from_json<AnswerSample>(line, where));
  });
  return list;
}

Json EvalFolder::scores() const { return read_json(path_ / "scores.json"); }

}  // namespace film::folders

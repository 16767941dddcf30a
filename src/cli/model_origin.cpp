#include "model_origin.h"

#include "film/base/as_number.h"
#include "film/base/sha256.h"

namespace film::cli {
namespace {

// The number of a checkpoint's folder: "step-00000505".
std::optional<std::int64_t> step_of(const std::string& name) {
  constexpr std::string_view kStep = "step-";
  if (!name.starts_with(kStep)) return {};
  return as_number<std::int64_t>(std::string_view(name).substr(kStep.size()));
}

}  // namespace

std::optional<ModelOrigin> origin_of(const evaluation::Candidate& model, const Json& input_hashes) {
  if (model.folder.empty()) return {};
  std::vector<std::string> hashes;
  for (const auto& [key, value] : input_hashes.items())
    if (key.starts_with(model.label + ".") && key.ends_with(".safetensors"))
      hashes.push_back(value.get<std::string>());
  ModelOrigin origin{model.folder.string(), step_of(model.folder.filename().string()), ""};
  if (hashes.size() == 1) origin.sha256 = hashes[0];
  if (hashes.size() > 1) origin.sha256 = sha256(join(hashes, ""));
  return origin;
}

}  // namespace film::cli

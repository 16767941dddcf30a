#include "model_origin.h"

#include <charconv>

#include "film/base/sha256.h"

namespace film::cli {
namespace {

// The number of a checkpoint's folder: "step-00000505".
std::optional<std::int64_t> step_of(const std::string& name) {
  constexpr std::string_view kStep = "step-";
  if (!name.starts_with(kStep)) return {};
  std::int64_t step = 0;
  const char *begin = name.data() + kStep.size(), *end = name.data() + name.size();
  const auto [stopped, error] = std::from_chars(begin, end, step);
  if (error != std::errc() || stopped != end) return {};
  return step;
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

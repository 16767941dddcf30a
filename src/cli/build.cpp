#include "build.h"

#include "film_build_info.h"

namespace film::cli {

Json build_json() {
  return {{"version", build_info::kVersion},    {"revision", build_info::kRevision},
          {"build", build_info::kBuildType},    {"compiler", build_info::kCompiler},
          {"torch", build_info::kTorchVersion}, {"cuda", build_info::kCuda}};
}

std::string version_text() {
  std::string text = "film";
  const Json build = build_json();
  for (const auto& [key, value] : build.items()) {
    const std::string word = value.get<std::string>();
    text += key == "version" ? " " + word : "\n  " + key + ": " + word;
  }
  return text;
}

}  // namespace film::cli

#include "film/folders/model_folder.h"

#include <set>

#include "film/base/content_hash.h"
#include "film/base/error.h"
#include "film/base/json.h"
#include "film/base/manifest.h"

namespace film::folders {
namespace {

constexpr const char* kIndex = "model.safetensors.index.json";

// The files that an index of shards names.
std::set<std::string> shards(const fs::path& index) {
  const Json map = member<Json>(read_json(index), "weight_map", index.string());
  if (!map.is_object() || map.empty())
    throw bad_data(index.string() + ": key \"weight_map\" has the wrong type: " + to_line(map));
  std::set<std::string> names;
  for (const auto& [tensor, file] : map.items())
    names.insert(member<std::string>(map, tensor.c_str(), index.string()));
  return names;
}

Error no_weights(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".bin" || entry.path().extension() == ".pt")
      return no_input(folder.string() + " holds PyTorch .bin weights only",
                      "convert them once: transformers' save_pretrained writes safetensors");
  return no_input(folder.string() + " holds no model.safetensors", "was the download finished?");
}

}  // namespace

std::vector<fs::path> weight_files(const fs::path& folder) {
  if (const fs::path whole = folder / "model.safetensors"; fs::exists(whole)) return {whole};
  if (!fs::exists(folder / kIndex)) throw no_weights(folder);
  std::vector<fs::path> files;
  for (const std::string& name : shards(folder / kIndex)) {
    files.push_back(folder / fs::path(name).filename());
    if (!fs::exists(files.back()))
      throw no_input(files.back().string() + " is missing, but " + kIndex + " names it");
  }
  return files;
}

ModelFolder::ModelFolder(const fs::path& folder) : path_(folder) {
  if (!fs::exists(config()))
    throw no_input(folder.string() + " is not a model folder (no config.json)",
                   "name a folder in Hugging Face's layout, or a run of film train");
}

std::optional<fs::path> ModelFolder::tokenizer() const {
  const fs::path file = path_ / "tokenizer.model";
  if (!fs::exists(file)) return std::nullopt;
  return file;
}

fs::path ModelFolder::required_tokenizer() const {
  if (const std::optional<fs::path> file = tokenizer()) return *file;
  std::string others;
  for (const char* name :
       {"tokenizer.json", "tekken.json", "tokenizer.model.v3", "tokenizer.model.v2", "tokenizer.model.v1"})
    if (fs::exists(path_ / name)) others += std::string(others.empty() ? ", only " : ", ") + name;
  throw no_input(
      path_.string() + " has no tokenizer.model" + others,
      "film reads SentencePiece models: name one with --set tokenizer=FILE (a tokenizer.model.vN is one)");
}

void ModelFolder::require_unchanged() const {
  const fs::path file = path_ / "MANIFEST.json";
  if (!fs::exists(file)) return;
  const Manifest manifest = Manifest::read(file);
  for (const ManifestFile& each : manifest.files())
    if (const std::string wrong =
            each.path.starts_with("training/") ? "" : manifest.damage(each, /*hashes=*/true);
        !wrong.empty())
      throw bad_data(wrong, "put the file back, or name another checkpoint");
}

std::map<std::string, std::string> ModelFolder::hashes() const {
  require_unchanged();
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::directory_iterator(path_)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".safetensors" || name == "config.json")
      hashes[name] = content_hash(entry.path());
  }
  return hashes;
}

}  // namespace film::folders

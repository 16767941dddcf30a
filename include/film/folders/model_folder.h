#pragma once
// A model folder in Hugging Face's layout: config.json, weights in safetensors, perhaps a tokenizer. Only what is there
// and what it is called; the values of config.json are engine::ModelConfig's.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/base/files.h"

namespace film::folders {

// The weights in a folder: model.safetensors, or the shards that model.safetensors.index.json names, by name. Throws
// no_input when they are missing, bad_data for a damaged index.
std::vector<fs::path> weight_files(const fs::path& folder);

class ModelFolder {
 public:
  // Throws no_input: there is no config.json in `folder`.
  explicit ModelFolder(const fs::path& folder);

  const fs::path& path() const { return path_; }
  fs::path config() const { return path_ / "config.json"; }
  std::vector<fs::path> weights() const { return weight_files(path_); }
  std::optional<fs::path> tokenizer() const;  // tokenizer.model, if there is one
  // The same; throws no_input, with what is there instead.
  fs::path required_tokenizer() const;
  // Throws bad_data: a file that a reader of the model opens is not as film wrote it (MANIFEST.json of a checkpoint);
  // models of others say nothing about their content.
  void require_unchanged() const;
  // SHA-256 of config.json and of every .safetensors file that is there, by name. Throws as require_unchanged() does.
  std::map<std::string, std::string> hashes() const;

 private:
  fs::path path_;
};

}  // namespace film::folders

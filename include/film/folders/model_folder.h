#pragma once
// A model folder in Hugging Face's layout: config.json, weights in safetensors, perhaps a tokenizer. Only what is there
// and what it is called; the values of config.json are engine::ModelConfig's.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "film/base/files.h"

namespace film::folders {

class ModelFolder {
 public:
  // Throws no_input: there is no config.json in `folder`.
  explicit ModelFolder(const fs::path& folder);

  const fs::path& path() const { return path_; }
  fs::path config() const { return path_ / "config.json"; }
  // model.safetensors, or the shards that model.safetensors.index.json names, by name. Throws no_input when they are
  // missing, bad_data for a damaged index.
  std::vector<fs::path> weights() const;
  std::optional<fs::path> tokenizer() const;  // tokenizer.model, if there is one
  // The same; throws no_input, with what is there instead.
  fs::path required_tokenizer() const;
  // SHA-256 of config.json and of every .safetensors file that is there, by name. Of a checkpoint that film wrote they
  // are in MANIFEST.json (with sizes, which are checked); else `hash` reads the files.
  using Hash = std::function<std::string(const fs::path& file)>;
  std::map<std::string, std::string> hashes(const Hash& hash) const;
  std::map<std::string, std::string> hashes() const;  // by sha256_file

 private:
  fs::path path_;
};

}  // namespace film::folders

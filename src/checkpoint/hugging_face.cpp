#include "film/checkpoint/hugging_face.h"

#include <fmt/format.h>

#include <memory>
#include <set>

#include "film/base/error.h"
#include "film/engine/model_config.h"

namespace film {
namespace {

constexpr const char* kIndex = "model.safetensors.index.json";

// The safetensors files of a folder, by its index or the single file.
std::vector<fs::path> weight_files(const fs::path& folder) {
  require_model_folder(folder);
  if (fs::exists(folder / kIndex)) {
    const Json map = member<Json>(read_json(folder / kIndex), "weight_map", (folder / kIndex).string());
    std::set<std::string> names;
    for (const auto& [name, file] : map.items())
      names.insert(member<std::string>(map, name.c_str(), (folder / kIndex).string()));
    std::vector<fs::path> files;
    for (const std::string& name : names) files.push_back(folder / fs::path(name).filename());
    return files;
  }
  if (fs::exists(folder / "model.safetensors")) return {folder / "model.safetensors"};
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".bin" || entry.path().extension() == ".pt")
      throw no_input(folder.string() + " holds PyTorch .bin weights only",
                     "convert them once: transformers' save_pretrained writes safetensors");
  throw no_input(folder.string() + " holds no model.safetensors", "was the download finished?");
}

std::string shape_text(at::IntArrayRef shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return "[" + text + "]";
}

}  // namespace

ModelTensors load_weights(const fs::path& folder, const ModelConfig& config, at::ScalarType type) {
  std::vector<SafetensorsFile> files;
  std::map<std::string, const SafetensorsFile*> where;
  for (const fs::path& path : weight_files(folder)) files.emplace_back(path);
  for (const SafetensorsFile& file : files)
    for (const std::string& name : file.names()) where[name] = &file;

  ModelTensors weights = empty_tensors(config, type);
  for_each_parameter(weights, config, [&](const std::string& name, Tensor x, ParameterKind) {
    const auto found = where.find(name);
    if (found == where.end())
      throw bad_data(folder.string() + ": tensor " + name + " is missing",
                     "config.json and the weights do not belong together");
    const Tensor stored = found->second->tensor(name);
    if (stored.sizes() != x.sizes())
      throw bad_data(fmt::format("{}: {} has shape {}, config.json asks for {}", folder.string(), name,
                                 shape_text(stored.sizes()), shape_text(x.sizes())));
    x.copy_(stored);
    where.erase(found);
  });
  for (const auto& [name, file] : where) {
    const bool known =
        name.ends_with("rotary_emb.inv_freq") || (config.tie_word_embeddings && name == "lm_head.weight");
    if (!known)
      throw bad_data(folder.string() + ": unexpected tensor " + name, "is this another architecture?");
  }
  return weights;
}

namespace {

// Our template as a chat template: one user turn is the whole instruction.
constexpr const char* kChatTemplate =
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]\n"
    "{% else %}{{ m['content'] }}{{ eos_token }}{% endif %}{% endfor %}";

void write_tokenizer(const fs::path& folder, const fs::path& tokenizer, const ModelConfig& config,
                     std::vector<fs::path>& written) {
  write_file(folder / "tokenizer.model", read_file(tokenizer));
  const Json json = {{"tokenizer_class", "LlamaTokenizer"},
                     {"add_bos_token", true},
                     {"add_eos_token", false},
                     {"bos_token", "<s>"},
                     {"eos_token", "</s>"},
                     {"unk_token", "<unk>"},
                     {"legacy", true},
                     {"clean_up_tokenization_spaces", false},
                     {"model_max_length", config.max_position_embeddings},
                     {"chat_template", kChatTemplate}};
  write_file(folder / "tokenizer_config.json", to_pretty(json));
  written.insert(written.end(), {"tokenizer.model", "tokenizer_config.json"});
}

// Parameters in file order, cut into shards.
std::vector<NamedTensors> shards(const ModelConfig& config, const ModelTensors& weights, at::ScalarType type,
                                 std::uint64_t shard_bytes) {
  std::vector<NamedTensors> parts(1);
  std::uint64_t bytes = 0;
  for_each_parameter(weights, config, [&](const std::string& name, const Tensor& x, ParameterKind) {
    const std::uint64_t size = static_cast<std::uint64_t>(x.numel()) * c10::elementSize(type);
    if (bytes > 0 && bytes + size > shard_bytes) {
      parts.emplace_back();
      bytes = 0;
    }
    bytes += size;
    parts.back().emplace_back(name, x);
  });
  return parts;
}

}  // namespace

std::vector<fs::path> save_weights(const fs::path& folder, const ModelConfig& config,
                                   const ModelTensors& weights, at::ScalarType type,
                                   const fs::path& tokenizer, std::uint64_t shard_bytes) {
  make_folder(folder);
  const std::string dtype = type == at::kBFloat16 ? "bfloat16" : "float32";
  write_file(folder / "config.json", to_pretty(to_hugging_face(config, dtype)));
  write_file(folder / "generation_config.json", to_pretty({{"bos_token_id", 1}, {"eos_token_id", 2}}));
  std::vector<fs::path> written = {"config.json", "generation_config.json"};
  if (!tokenizer.empty()) write_tokenizer(folder, tokenizer, config, written);

  const std::vector<NamedTensors> parts = shards(config, weights, type, shard_bytes);
  Json map = Json::object();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = parts.size() == 1
                                 ? "model.safetensors"
                                 : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, parts.size());
    NamedTensors typed;
    for (const auto& [parameter, x] : parts[i]) {
      typed.emplace_back(parameter, x.to(type));
      map[parameter] = name;
      total += typed.back().second.nbytes();
    }
    write_safetensors(folder / name, typed);
    written.emplace_back(name);
  }
  if (parts.size() > 1) {
    write_file(folder / kIndex, to_pretty({{"metadata", {{"total_size", total}}}, {"weight_map", map}}));
    written.emplace_back(kIndex);
  }
  return written;
}

}  // namespace film

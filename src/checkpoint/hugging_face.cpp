#include "film/checkpoint/hugging_face.h"

#include <fmt/format.h>

#include <memory>
#include <set>

#include "film/base/error.h"
#include "film/engine/model_config.h"
#include "film/folders/model_folder.h"

namespace film::checkpoint {
namespace {

using engine::ModelConfig;
using model::Parameter;
using model::ParameterList;

constexpr const char* kIndex = "model.safetensors.index.json";
constexpr const char* kTokenizerConfig = "tokenizer_config.json";

std::string shape_text(at::IntArrayRef shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return "[" + text + "]";
}

// The tensors of all files of a folder.
class StoredWeights {
 public:
  explicit StoredWeights(const fs::path& folder) : folder_(folder.string()) {
    engine::require_model_folder(folder);
    for (const fs::path& path : folders::weight_files(folder)) files_.emplace_back(path);
    for (const SafetensorsFile& file : files_)
      for (const std::string& name : file.names())
        if (!where_.emplace(name, &file).second)
          throw bad_data(folder_ + ": tensor " + name + " is in two files", "fetch the folder again");
  }

  // Nothing is copied before all is known to be there.
  void check(const ParameterList& parameters) const {
    refuse_quantised();
    for (const Parameter& p : parameters) {
      if (!where_.contains(p.name)) throw missing(p.name);
      const Tensor stored = file(p.name).tensor(p.name);
      if (!stored.is_floating_point()) throw quantised(p.name);
      if (stored.sizes() != p.shape)
        throw bad_data(fmt::format("{}: {} has shape {}, config.json asks for {}", folder_, p.name,
                                   shape_text(stored.sizes()), shape_text(p.shape)));
    }
    std::set<std::string> known;
    for (const Parameter& p : parameters) known.insert(p.name);
    for (const auto& [name, file] : where_)
      if (!known.contains(name) && !name.ends_with("rotary_emb.inv_freq") &&
          name != "lm_head.weight")  // tied
        throw bad_data(folder_ + ": unexpected tensor " + name, "is this another architecture?");
  }

  const SafetensorsFile& file(const std::string& name) const { return *where_.at(name); }

 private:
  // Names that quantisation gives to its tensors.
  void refuse_quantised() const {
    for (const auto& [name, file] : where_)
      for (const char* part : {".qweight", ".qzeros", ".weight_packed", ".absmax", ".quant_state",
                               ".weight_scale", ".weight_scale_inv", ".SCB"})
        if (name.find(part) != std::string::npos) throw quantised(name);
  }

  Error quantised(const std::string& name) const {
    return bad_data(folder_ + ": the model is quantised (tensor " + name + ")",
                    "film reads float32, float16 and bfloat16 weights: take the model as it was before");
  }

  Error missing(const std::string& name) const {
    if (name == "lm_head.weight")
      return bad_data(folder_ + ": the output head, lm_head.weight, is missing",
                      "does config.json need \"tie_word_embeddings\": true? then the embedding is the head");
    return bad_data(folder_ + ": tensor " + name + " is missing",
                    "config.json and the weights do not belong together");
  }

  std::string folder_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, const SafetensorsFile*> where_;
};

}  // namespace

void load_weights(const fs::path& folder, const ParameterList& parameters,
                  const std::vector<StoredTensor>& remainders, const StateFiles* stored_remainders) {
  const StoredWeights weights(folder);
  weights.check(parameters);
  for (const Master& m : masters_of(parameters, remainders))
    read_master(m, weights.file(m.parameter.name), stored_remainders);
}

model::ModelTensors load_weights(const fs::path& folder, const ModelConfig& config,
                                 const at::TensorOptions& options) {
  model::ModelTensors weights = model::empty_tensors(config, options);
  load_weights(folder, ParameterList(config, weights));
  return weights;
}

namespace {

// Our template as a chat template: one user turn is the whole instruction.
constexpr const char* kChatTemplate =
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]\n"
    "{% else %}{{ m['content'] }}{{ eos_token }}{% endif %}{% endfor %}";

// How a served model reads text: what its origin says of it, and film's own words where it says nothing.
Json tokenizer_config(const ModelConfig& config, const engine::FolderOrigin& origin) {
  Json json = origin.files.contains(kTokenizerConfig)
                  ? parse_json(origin.files.at(kTokenizerConfig), kTokenizerConfig)
                  : Json::object();
  Json own = {{"tokenizer_class", "LlamaTokenizer"},
              {"add_bos_token", true},
              {"add_eos_token", false},
              {"bos_token", origin.bos_piece},
              {"eos_token", origin.eos_piece},
              {"unk_token", "<unk>"},
              {"legacy", true},
              {"clean_up_tokenization_spaces", false},
              {"model_max_length", config.max_position_embeddings}};
  if (!origin.has_chat_template()) own["chat_template"] = kChatTemplate;
  for (const auto& [key, value] : own.items())
    if (!json.contains(key)) json[key] = value;
  return json;
}

void write_tokenizer(const fs::path& folder, const fs::path& tokenizer, const ModelConfig& config,
                     const engine::FolderOrigin& origin, std::vector<fs::path>& written) {
  std::map<std::string, std::string> files = origin.files;
  files["tokenizer.model"] = read_file(tokenizer);
  files[kTokenizerConfig] = to_pretty(tokenizer_config(config, origin));
  for (const auto& [name, content] : files) {
    write_file(folder / name, content);
    written.emplace_back(name);
  }
}

// Cuts the tensors, in order, into shards.
std::vector<std::vector<TensorSource>> shards(const std::vector<Master>& masters, at::ScalarType type,
                                              std::uint64_t shard_bytes) {
  std::vector<std::vector<TensorSource>> parts(1);
  std::uint64_t bytes = 0;
  for (const Master& m : masters) {
    const std::uint64_t size = static_cast<std::uint64_t>(m.parameter.numel()) * c10::elementSize(type);
    if (bytes > 0 && bytes + size > shard_bytes) {
      parts.emplace_back();
      bytes = 0;
    }
    bytes += size;
    parts.back().push_back(weight_source(m, type));
  }
  return parts;
}

}  // namespace

std::vector<fs::path> save_weights(const fs::path& folder, const ModelConfig& config,
                                   const ParameterList& parameters, at::ScalarType type,
                                   const fs::path& tokenizer, std::uint64_t shard_bytes,
                                   const std::vector<StoredTensor>& remainders,
                                   const engine::FolderOrigin& origin) {
  make_folder(folder);
  const std::string dtype = type == at::kBFloat16 ? "bfloat16" : "float32";
  write_file(folder / "config.json", to_pretty(to_hugging_face(config, dtype, origin)));
  write_file(folder / "generation_config.json", to_pretty(generation_config(origin)));
  std::vector<fs::path> written = {"config.json", "generation_config.json"};
  if (!tokenizer.empty()) write_tokenizer(folder, tokenizer, config, origin, written);

  std::vector<std::vector<TensorSource>> parts =
      shards(masters_of(parameters, remainders), type, shard_bytes);
  Json map = Json::object();
  std::uint64_t total = 0;
  for (const Parameter& p : parameters)
    total += static_cast<std::uint64_t>(p.numel()) * c10::elementSize(type);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = parts.size() == 1
                                 ? "model.safetensors"
                                 : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, parts.size());
    for (const TensorSource& source : parts[i]) map[source.name] = name;
    write_safetensors(folder / name, std::move(parts[i]));
    written.emplace_back(name);
  }
  if (parts.size() > 1) {
    write_file(folder / kIndex, to_pretty({{"metadata", {{"total_size", total}}}, {"weight_map", map}}));
    written.emplace_back(kIndex);
  }
  return written;
}

}  // namespace film::checkpoint

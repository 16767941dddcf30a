#include "defaults.h"

#include <cstdlib>
#include <optional>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/folders/open_folder.h"

namespace film::cli {
namespace {

struct Source {
  std::string file, of;
};

std::optional<Source> known_tokenizer(const std::vector<std::string>& models,
                                      const std::vector<std::string>& data) {
  for (const std::string& model : models)
    if (const fs::path file = fs::path(model) / "tokenizer.model"; fs::exists(file))
      return Source{file.string(), "of the model folder"};
  for (const std::string& folder : data)
    if (const std::string file = folders::recorded_setting(folder, "tokenizer");
        !file.empty() && fs::exists(file))
      return Source{file, "of " + folder};
  const char* variable = std::getenv("FILM_TOKENIZER");
  if (variable == nullptr || *variable == '\0') return std::nullopt;
  return Source{variable, "from FILM_TOKENIZER"};
}

// The run that `model` is, or one of whose checkpoints it is.
std::string run_of(const fs::path& model) {
  const fs::path whole = fs::absolute(model).lexically_normal();
  const fs::path folder = whole.has_filename() ? whole : whole.parent_path();
  const bool checkpoint = folder.parent_path().filename() == "checkpoints";
  return (checkpoint ? folder.parent_path().parent_path() : folder).string();
}

}  // namespace

void choose_tokenizer(Fields& fields, const std::vector<std::string>& models,
                      const std::vector<std::string>& data) {
  if (fields.find("tokenizer")->get() != "") return;
  const std::optional<Source> source = known_tokenizer(models, data);
  if (!source) return;
  fields.apply({{"tokenizer", source->file}}, source->of);
  info("tokenizer: " + source->file + " (" + source->of + ")");
}

void choose_start(Fields& fields) {
  const fs::path model = fields.find("model_folder")->get().get<std::string>();
  if (model.empty() || !fs::exists(model / "settings.json")) return;
  if (folders::kind_of_folder(model) != folders::FolderKind::train) return;
  const fs::path checkpoint = folders::RunFolder(model).final_checkpoint();
  fields.apply({{"model_folder", checkpoint.string()}}, model.string());
  info("model: " + checkpoint.string() + " (where " + model.string() + " ended)");
}

void choose_prompt(Fields& fields, const std::vector<std::string>& models) {
  const bool asked = fields.sources().at("prompt") != "default";
  const std::string now = fields.find("prompt")->get();
  std::string trained, run;
  for (const std::string& model : models) {
    if (model.empty()) continue;  // a new model
    const std::string prompt = folders::recorded_setting(run_of(model), "prompt");
    if (prompt.empty()) continue;
    if (asked && prompt != now) warn(model + " was trained with prompt " + prompt + ", now it is " + now);
    if (!asked && !trained.empty() && trained != prompt)
      throw config_error(run + " was trained with prompt " + trained + ", " + model + " with " + prompt,
                         "say which to ask with: --prompt " + trained + " or --prompt " + prompt);
    trained = prompt;
    run = model;
  }
  if (asked || trained.empty() || trained == now) return;
  fields.apply({{"prompt", trained}}, run);
  info("prompt: " + trained + " (as " + run + " was trained)");
}

}  // namespace film::cli

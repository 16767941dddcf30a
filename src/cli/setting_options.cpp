#include "setting_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "film/base/strings.h"

namespace film::cli {

const std::vector<SettingOption>& setting_options() {
  static const std::vector<SettingOption> table = {
      {"synth", "INPUT,--input", "PATH", {"inputs"}, true},
      {"synth", "--tokenizer", "FILE", {"tokenizer"}},
      {.command = "synth",
       .names = "--context",
       .value = "MIN:MAX",
       .keys = {"contexts.target.min", "contexts.target.max"},
       .help = "shortest and longest context; lengths are uniform between"},
      {.command = "synth",
       .names = "--contexts",
       .value = "TRAIN:VALIDATION:TEST",
       .keys = {"contexts.train", "contexts.validation", "contexts.test"},
       .help = "contexts to make of each split"},
      {"synth", "--segment", "TOKENS", {"segment.tokens"}},
      {"synth", "--seed", "N", {"seed"}},
      {"synth", "--threads", "N", {"threads"}},

      {.command = "qa",
       .names = "--import",
       .value = "FILE",
       .keys = {"import.file"},
       .also = "generator=import",
       .help = "CSV, TSV or JSONL file of questions and answers that people wrote"},
      {.command = "qa",
       .names = "--split",
       .value = "SPLIT",
       .keys = {"import.split"},
       .help = "with --import: train, validation or test; the contexts that the questions are about"},
      {.command = "qa",
       .names = "--general",
       .value = "FILE",
       .keys = {"general.files"},
       .many = true,
       .help = "instruction data to mix into training: chats, or instruction, input and output, as JSONL"},
      {"qa", "--generator", "WHO", {"generator"}},
      {"qa", "--model", "NAME", {"endpoint.model"}, false, "generator=endpoint"},
      {"qa", "--endpoint,--base-url", "URL", {"endpoint.base_url"}, false, "generator=endpoint"},
      {"qa", "--max-cost", "X", {"endpoint.max_cost"}},
      {"qa", "--per-context", "N", {"per_context"}},
      {"qa", "--tokenizer", "FILE", {"tokenizer"}},
      {"qa", "--seed", "N", {"seed"}},
      {"qa", "--threads", "N", {"threads"}},

      {.command = "train",
       .names = "DATA,--data",
       .value = "FOLDER",
       .keys = {"stages.*.data"},
       .many = true,
       .help = "DATA folders that film synth and film qa wrote; of every stage"},
      {.command = "train",
       .names = "--model",
       .value = "FOLDER",
       .keys = {"model_folder"},
       .help = "run of film train or Hugging Face folder to start from"},
      {"train", "--tokenizer", "FILE", {"tokenizer"}},
      {"train", "--steps", "N", {"stages.*.steps"}},
      {"train", "--epochs", "X", {"stages.*.epochs"}},
      {"train", "--batch", "N", {"stages.*.batch"}},
      {"train", "--lr", "X", {"stages.*.schedule.peak"}},
      {"train", "--prompt", "NAME", {"prompt"}},
      {"train", "--device", "NAME", {"device"}},
      {"train", "--precision", "NAME", {"precision"}},
      {"train", "--seed", "N", {"seed"}},
      {"train", "--threads", "N", {"threads"}},

      {.command = "eval",
       .names = "MODEL,--model",
       .value = "MODEL",
       .keys = {"model", "models", "endpoint.model"},
       .many = true,
       .help = "run of film train or model folder; several are compared with the first. With --endpoint: the "
               "model's name there",
       .own = true},
      {.command = "eval",
       .names = "--predictions",
       .value = "FILE",
       .keys = {"predictions"},
       .many = true,
       .words = true},
      {"eval", "--data", "FOLDER", {"data"}, true},
      {"eval", "--endpoint,--base-url", "URL", {"endpoint.base_url"}},
      {"eval", "--baseline", "FOLDER", {"baseline"}},
      {"eval", "--task", "NAME", {"tasks"}, true},
      {"eval", "--split", "SPLIT", {"split"}},
      {"eval", "--tokenizer", "FILE", {"tokenizer"}},
      {"eval", "--prompt", "NAME", {"prompt"}},
      {"eval", "--device", "NAME", {"device"}},
      {"eval", "--precision", "NAME", {"precision"}},
      {"eval", "--title", "TEXT", {"title"}},
      {"eval", "--max-cost", "X", {"endpoint.max_cost"}},
      {"eval", "--seed", "N", {"seed"}},
      {"eval", "--threads", "N", {"threads"}},

      {"export", "DATA,--data", "FOLDER", {"data"}},
      {"export", "--form", "FORM", {"form"}},
      {"export", "--prompt", "NAME", {"prompt"}},
      {"export", "--name", "TEXT", {"name"}},
      {"export", "--license", "ID", {"license"}},
      {"export", "--language", "CODE", {"language"}},
      {"export", "--tokenizer", "FILE", {"tokenizer"}},

      {"benchmark", "NAME,--name", "NAME", {"benchmark"}},
      {"benchmark", "--tokenizer", "FILE", {"tokenizer"}},
      {"benchmark", "--lengths", "[N,N]", {"lengths"}},
      {"benchmark", "--task", "NAME", {"ruler.tasks"}, true},
      {"benchmark", "--seed", "N", {"seed"}},
      {"benchmark", "--threads", "N", {"threads"}},
  };
  return table;
}

namespace {

// "stages.*.steps" in words about one element.
const Field* field_of(const Fields& fields, const std::string& key, std::vector<Field>& members) {
  const std::size_t star = key.find(".*.");
  if (star == std::string::npos) return fields.find(key);
  members = fields.find(key.substr(0, star))->members();
  const auto found = std::ranges::find(members, key.substr(star + 3), &Field::key);
  return found == members.end() ? nullptr : &*found;
}

std::string default_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_array() ? "" : to_line(value);
}

// "shortest context [tokens] (default: 4096:32000)"
std::string help_of(const SettingOption& option, const Fields& fields) {
  std::vector<std::string> defaults;
  std::string text = option.help != nullptr ? option.help : "", unit;
  for (const std::string& key : option.keys) {
    std::vector<Field> members;
    const Field* field = field_of(fields, key, members);
    if (field == nullptr) throw internal_error("option " + option.name() + " names no setting: " + key);
    if (text.empty()) text = field->help;
    if (option.help == nullptr && !field->choices.empty()) text += ": " + join(field->choices, ", ");
    unit = field->unit.empty() ? "" : " [" + field->unit + "]";
    defaults.push_back(option.own ? "" : default_text(field->get()));
  }
  const std::string shown = join(defaults, ":");
  const bool none = shown.empty() || defaults.front().empty();
  return text + unit + (none ? "" : " (default: " + shown + ")");
}

}  // namespace

std::string SettingOption::name() const {
  const std::string all = names;
  return all.substr(all.find_last_of(',') + 1);
}

std::string SettingOption::positional() const {
  const std::string all = names;
  return all.starts_with("-") ? "" : all.substr(0, all.find(','));
}

std::vector<std::string> given_words(const std::string& command, const std::string& name,
                                     const OptionWords& words) {
  std::vector<std::string> all;
  for (const SettingOption& option : setting_options()) {
    if (option.command != command || option.name() != name) continue;
    for (const std::string& key : {option.positional(), option.name()})
      if (const auto found = words.find(key); found != words.end())
        all.insert(all.end(), found->second.begin(), found->second.end());
  }
  return all;
}

void add_setting_options(CLI::App& app, const std::string& command, const Fields& fields,
                         OptionWords& words) {
  for (const SettingOption& option : setting_options()) {
    if (option.command != command) continue;
    const std::string help = help_of(option, fields), positional = option.positional(), names = option.names;
    if (!positional.empty()) app.add_option(positional, words[positional], help)->type_name(option.value);
    const std::string named = positional.empty() ? names : names.substr(positional.size() + 1);
    auto* bound = app.add_option(named, words[option.name()], help);
    bound->type_name(option.value)->allow_extra_args(option.words);
    if (!option.many) bound->expected(1);
  }
}

namespace {

void apply(Fields& fields, const SettingOption& option, const std::vector<std::string>& given) {
  const std::string source = option.name();
  if (option.many) return fields.apply_word(option.keys.front(), to_line(Json(given)), source);
  const auto parts =
      option.keys.size() == 1 ? std::vector<std::string_view>{given.front()} : split(given.front(), ":");
  if (parts.size() != option.keys.size())
    throw config_error(source + " must be " + option.value + ", got " + given.front());
  for (std::size_t i = 0; i < parts.size(); ++i)
    fields.apply_word(option.keys[i], std::string(parts[i]), source);
}

}  // namespace

void apply_options(Fields& fields, const std::string& command, const OptionWords& words) {
  for (const SettingOption& option : setting_options()) {
    if (option.command != command || option.own) continue;
    const std::vector<std::string> given = given_words(command, option.name(), words);
    if (given.empty()) continue;
    apply(fields, option, given);
    if (option.also == nullptr) continue;
    const std::string also = option.also;
    fields.apply_word(also.substr(0, also.find('=')), also.substr(also.find('=') + 1), option.name());
  }
}

std::string option_of(const std::string& command, const std::string& key) {
  for (const SettingOption& option : setting_options())
    if (option.command == command && std::ranges::find(option.keys, key) != option.keys.end())
      return option.name();
  return {};
}

}  // namespace film::cli

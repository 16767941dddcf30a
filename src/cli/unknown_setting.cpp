#include "unknown_setting.h"

#include <algorithm>
#include <map>

#include "command.h"

namespace film::cli {
namespace {

// Names that other programs give to what is called otherwise here.
const std::map<std::string, std::string>& elsewhere() {
  static const std::map<std::string, std::string> names = {
      {"lr", "the learning rate is `schedule.peak` of a stage: film train --lr X"},
      {"learning_rate", "the learning rate is `schedule.peak` of a stage: film train --lr X"},
      {"max_lr", "the learning rate is `schedule.peak` of a stage: film train --lr X"},
      {"batch_size", "it is `batch` of a stage: film train --batch N"},
      {"per_device_train_batch_size", "it is `batch` of a stage: film train --batch N"},
      {"max_steps", "it is `steps` of a stage: film train --steps N"},
      {"num_train_epochs", "it is `epochs` of a stage: film train --epochs X"},
      {"warmup", "it is `schedule.warmup_steps` of a stage: --set stages.0.schedule.warmup_steps=N"},
      {"chunk_size", "it is `segment.tokens`: film synth --segment TOKENS"},
      {"context_length", "it is `contexts.target.min` and `.max`: film synth --context MIN:MAX"},
      {"max_length", "contexts: film synth --context MIN:MAX; examples of film train: max_tokens"},
      {"seq_len", "contexts: film synth --context MIN:MAX; examples of film train: max_tokens"},
      {"dtype", "it is `precision`: --precision bfloat16"},
      {"output_dir", "it is the option --out FOLDER"},
      {"out", "it is the option --out FOLDER"},
      {"api_key",
       "a key is never a setting: endpoint.api_key_file or endpoint.api_key_variable says where it is"},
      {"model_name_or_path", "film train --model FOLDER"},
  };
  return names;
}

std::string last_name(const std::string& key) { return key.substr(key.find_last_of('.') + 1); }

// A setting of this name, or of one element of a list of groups; empty if there is none.
std::string same_name(const Fields& fields, const std::string& key) {
  for (const Field& field : fields.all())
    if (field.key == key || last_name(field.key) == key) return field.key;
  for (const Field& field : fields.all()) {
    if (!field.members) continue;
    for (const Field& member : field.members())
      if (member.key == key || last_name(member.key) == key) return field.key + ".0." + member.key;
  }
  return {};
}

std::string in_command(const std::string& key, const std::string& command) {
  std::string found;
  find_command(command)->with_settings(
      {}, [&](const Fields& fields, const auto&) { found = same_name(fields, key); });
  return found;
}

}  // namespace

std::string where_to_find(const std::string& key, const std::string& command, const std::string& near) {
  if (const std::string here = in_command(key, command); !here.empty())
    return "it is `" + here + "` here: --set " + here + "=VALUE";
  if (const auto known = elsewhere().find(key); known != elsewhere().end()) return known->second;
  for (const std::string& other : commands_with_settings())
    if (const std::string there = in_command(key, other); other != command && !there.empty())
      return "`" + there + "` is a setting of `film " + other + "`";
  return near.empty() ? "film config search " + last_name(key) + " finds settings by their meaning" : near;
}

}  // namespace film::cli

// film config: settings shown, searched, checked, and written as a file to start from.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "command.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/strings.h"
#include "put.h"
#include "settings_text.h"

namespace film::cli {
namespace {

struct ConfigOptions {
  CommonOptions common;
  std::string command, key;
};

using Action = std::function<void(const Fields&, const std::function<void()>& check, const ConfigOptions&)>;

void show(const Fields& fields, const ConfigOptions& options) {
  const std::vector<ShownSetting> shown = settings_below(fields, options.command, options.key);
  if (shown.empty())
    throw config_error("film " + options.command + " has no setting or group \"" + options.key + "\"",
                       did_you_mean(fields.nearest(options.key)) + " film config search WORD finds more");
  const bool all = options.key.empty();
  if (options.common.json)
    put_json(all ? fields.dump() : settings_json(shown));
  else
    put_text(settings_text(shown));
}

// Paths that other commands may still have to make are named, not refused.
void check_settings(const Fields& fields, const std::function<void()>& check, bool json) {
  check();
  Json missing = Json::array();
  for (const Field& field : fields.all()) {
    const Json value = field.is_path ? field.get() : Json();
    for (const Json& path : value.is_array() ? value : Json::array({value}))
      if (path.is_string() && path != "" && !fs::exists(path.get<std::string>()))
        missing.push_back({{"setting", field.key}, {"path", path}});
  }
  if (json) {
    put_json({{"valid", true}, {"not_there", missing}});
    return;
  }
  std::puts("settings are valid");
  for (const Json& entry : missing)
    put_text("  not there yet: " + entry["setting"].get<std::string>() + " = " +
             entry["path"].get<std::string>() + "\n");
}

void write_start(const Fields& fields, const fs::path& path) {
  if (path.empty())
    throw usage_error("film config init needs --out FILE", "film config init synth -o synth.json");
  if (fs::exists(path)) throw cannot_create(path.string() + " exists already", "choose another file name");
  write_file(path, settings_with_comments(fields));
  info("wrote " + path.string() + ", every setting at its default with its meaning");
}

void search(const std::string& word, bool json) {
  std::vector<ShownSetting> found;
  for (const std::string& command : commands_with_settings())
    find_command(command)->with_settings({}, [&](const Fields& fields, const auto&) {
      for (ShownSetting& setting : settings_about(fields, command, word)) found.push_back(std::move(setting));
    });
  if (found.empty() && !json)
    throw config_error("no setting speaks of \"" + word + "\"", "try a shorter word");
  if (json)
    put_json(settings_json(found));
  else
    put_text(settings_text(found));
}

void add_search(CLI::App& config, Run& run) {
  auto* sub = config.add_subcommand("search", "Settings of all commands whose name or meaning holds a word");
  sub->footer("film config search accuracy");
  auto word = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  sub->add_option("WORD", *word, "Part of a name or meaning, in lower or upper case")->required();
  sub->add_flag("--json", *json, "As JSON");
  sub->callback([=, &run] { run = [=](const ProgramInfo&) { search(*word, *json); }; });
}

}  // namespace

void add_config(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("config", "Settings of a command: show, search, check, init");
  command->footer(
      "film config show train stages\nfilm config search \"learning rate\"\nfilm config init synth -o "
      "synth.json");
  command->require_subcommand(1);
  const std::vector<std::string> names = commands_with_settings();
  const auto add = [&](const char* name, const char* help, const char* example, const Action& action) {
    auto* sub = command->add_subcommand(name, help);
    sub->footer(example);
    auto options = std::make_shared<ConfigOptions>();
    sub->add_option("COMMAND", options->command, join(names, ", "))->required()->check(CLI::IsMember(names));
    if (std::string_view(name) == "show")
      sub->add_option("KEY", options->key, "One setting or a group of them, such as stages");
    add_common_options(*sub, "config", options->common);
    sub->callback([=, &run] {
      run = [=](const ProgramInfo&) {
        find_command(options->command)
            ->with_settings(options->common, [&](const Fields& fields, const std::function<void()>& check) {
              action(fields, check, *options);
            });
      };
    });
  };
  add("show", "Every setting with its value, meaning, option and origin", "film config show train stages",
      [](const Fields& fields, const auto&, const ConfigOptions& options) { show(fields, options); });
  add_search(*command, run);
  add("check", "Check settings without doing any work",
      "film config check train --config configs/film_7b.json",
      [](const Fields& fields, const std::function<void()>& check, const ConfigOptions& options) {
        check_settings(fields, check, options.common.json);
      });
  add("init", "Write a settings file: all defaults, each with its meaning",
      "film config init synth -o synth.json",
      [](const Fields& fields, const auto&, const ConfigOptions& options) {
        write_start(fields, options.common.out);
      });
}

}  // namespace film::cli

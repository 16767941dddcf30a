// film config: settings shown, checked, and written as a file to start from.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "command.h"
#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/strings.h"

namespace film::cli {
namespace {

using Action = std::function<void(const Fields&, const std::function<void()>& check, const CommonOptions&)>;

std::vector<std::string> commands_with_settings() {
  std::vector<std::string> names;
  for (const Command& command : commands())
    if (command.with_settings != nullptr) names.emplace_back(command.name);
  return names;
}

void with_settings_of(const std::string& name, const CommonOptions& options, const Action& action) {
  const auto command = std::ranges::find(commands(), name, &Command::name);
  command->with_settings(options, [&](const Fields& fields, const std::function<void()>& check) {
    action(fields, check, options);
  });
}

std::string explanation(const Field& field) {
  std::string text = field.help;
  if (!field.choices.empty()) {
    text += " (";
    for (const std::string& choice : field.choices) text += (text.back() == '(' ? "" : ", ") + choice;
    text += ")";
  }
  if (!field.unit.empty()) text += " [" + field.unit + "]";
  return text;
}

void show(const Fields& fields, bool json) {
  if (json) {
    std::fputs(to_pretty(fields.dump()).c_str(), stdout);
    return;
  }
  for (const Field& field : fields.all())
    std::fputs(fmt::format("{} = {}\n    {}  ({})\n", field.key, to_line(field.get()), explanation(field),
                           fields.sources().at(field.key))
                   .c_str(),
               stdout);
}

void write_start(const Fields& fields, const fs::path& path) {
  if (fs::exists(path)) throw cannot_create(path.string() + " exists already", "choose another file name");
  write_file(path, to_pretty(fields.dump()));
  info("wrote " + path.string() + " with every setting at its default");
}

}  // namespace

void add_config(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("config", "Settings of a command: show, check, init");
  command->require_subcommand(1);
  const std::vector<std::string> names = commands_with_settings();
  const auto add = [&](const char* name, const char* help, const Action& action) {
    auto* sub = command->add_subcommand(name, help);
    auto common = std::make_shared<CommonOptions>();
    auto which = std::make_shared<std::string>();
    sub->add_option("command", *which, join(names, ", "))->required()->check(CLI::IsMember(names));
    add_common_options(*sub, *common, false);
    sub->callback(
        [=, &run] { run = [=](const ProgramInfo&) { with_settings_of(*which, *common, action); }; });
  };
  add("show", "Every setting with its value, meaning and origin",
      [](const Fields& fields, const auto&, const CommonOptions& options) { show(fields, options.json); });
  add("check", "Check a settings file (--config) without doing any work",
      [](const Fields&, const std::function<void()>& check, const CommonOptions&) {
        check();
        std::puts("settings are valid");
      });
  add("init", "Write a settings file with all defaults to --out",
      [](const Fields& fields, const auto&, const CommonOptions& options) {
        if (options.out.empty()) throw usage_error("film config init needs --out FILE");
        write_start(fields, options.out);
      });
}

}  // namespace film::cli

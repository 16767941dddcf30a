#include "command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/base/strings.h"
#include "film/base/terminal.h"
#include "film/benchmarks/settings.h"
#include "film/contexts/synth.h"
#include "film/engine/train_settings.h"
#include "film/evaluation/settings.h"
#include "film/exports/export.h"
#include "film/jobs/slurm.h"
#include "film/questions/settings.h"
#include "unknown_setting.h"

namespace film::cli {
namespace {

template <class Settings>
void settings_of(const std::string& command, const CommonOptions& options, const UseSettings& use) {
  Settings settings;
  Fields fields = resolve_settings(settings, command, options);
  use(fields, [&] {
    if constexpr (requires { settings.check(); })
      settings.check();
    else
      check(settings);
  });
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"synth", add_synth, settings_of<contexts::SynthSettings>},
      {"qa", add_qa, settings_of<questions::QaSettings>},
      {"train", add_train, settings_of<engine::TrainSettings>},
      {"eval", add_eval, settings_of<evaluation::Settings>},
      {"report", add_report},
      {"export", add_export, settings_of<exports::ExportSettings>},
      {"benchmark", add_benchmark, settings_of<benchmarks::Settings>},
      {"show", add_show},
      {"status", add_status},
      {"check", add_check},
      {"slurm-script", add_slurm_script, settings_of<jobs::SlurmSettings>},
      {"config", add_config},
      {"doctor", add_doctor},
      {"help", add_help},
      {"version", add_version},
      {"completion", add_completion},
      {"man", add_man},
  };
  return table;
}

const Command* find_command(const std::string& name) {
  const auto found = std::ranges::find(commands(), name, &Command::name);
  return found == commands().end() ? nullptr : &*found;
}

std::vector<std::string> commands_with_settings() {
  std::vector<std::string> names;
  for (const Command& command : commands())
    if (command.settings != nullptr) names.emplace_back(command.name);
  return names;
}

void add_commands(CLI::App& app, Run& run) {
  for (const Command& command : commands()) command.add(app, run);
}

void add_common_options(CLI::App& app, const std::string& command, CommonOptions& options) {
  if (const Command* known = find_command(command); known != nullptr && known->settings != nullptr)
    known->with_settings({}, [&](const Fields& fields, const auto&) {
      add_setting_options(app, command, fields, options.words);
    });
  app.add_option("-c,--config", options.config, "Settings file (JSON with comments)")->type_name("FILE");
  const std::string all = command == "config" ? "" : ": film config show " + command;
  app.add_option("--set", options.set, "Any setting (repeatable)" + all)
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("-o,--out", options.out, "Output folder")->type_name("FOLDER");
  app.add_option("-n,--limit", options.limit, "Only the first N items: a smoke test")->type_name("N");
  app.add_flag("--json", options.json, "Results on stdout as JSON, errors too");
}

void resolve_fields(Fields& fields, const std::string& command, const CommonOptions& options) {
  refuse_tilde(options.out.string(), "--out");
  if (options.config) refuse_tilde(options.config->string(), "--config");
  try {
    if (options.config) fields.apply(read_json(*options.config), options.config->string());
    for (const std::string& assignment : options.set) fields.apply_override(assignment);
    apply_options(fields, command, options.words);
  } catch (const UnknownSetting& unknown) {
    throw config_error(unknown.what(), where_to_find(unknown.key(), command, unknown.hint()));
  }
}

bool holds_results(const fs::path& folder) { return fs::exists(folder / "manifest.json"); }

namespace {

// One of several things to do on a line of its own: command lines are not broken.
std::string one_below_the_other(const std::string& next) {
  std::string text;
  for (const std::string_view step : split(next, ", then "))
    text += (text.empty() ? "\n  next: " : "\n  then: ") + std::string(step);
  return text;
}

}  // namespace

void say_written(const fs::path& folder, bool now, const std::string& next) {
  finish_stdout();
  const std::string done = (now ? "wrote " : "unchanged: ") + folder.string(), on = " · next: " + next;
  const bool too_long = stderr_is_terminal() && columns_of("info: " + done + on) > terminal_columns();
  info(done + (too_long ? one_below_the_other(next) : on));
}

void finish_stdout() {
  const bool failed_before = std::ferror(stdout) != 0;  // errno of then is gone
  const bool failed = std::fflush(stdout) != 0;
  if (failed && errno == EPIPE) return;
  if (failed || failed_before)
    throw io_error("writing to standard output failed" + (failed ? ": " + errno_text(errno) : ""),
                   "make room where the output goes, then run the same command again");
}

}  // namespace film::cli

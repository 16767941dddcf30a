#pragma once
// The commands of film. Each is one file src/cli/<command>.cpp with `void add_<command>(CLI::App&, Run&)`: it binds its
// options and stores in `run` what main calls after parsing. Help, man pages and completions are made from what it
// binds: the description is one line, the footer holds examples, one a line.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "film/base/output_folder.h"
#include "setting_options.h"

namespace CLI {
class App;
}

namespace film::cli {

using Run = std::function<void(const ProgramInfo&)>;

struct CommonOptions {
  std::optional<std::filesystem::path> config;  // --config FILE
  std::vector<std::string> set;                 // --set key=value, repeatable
  OptionWords words;                            // options that are other names of settings
  std::filesystem::path out;                    // --out FOLDER
  std::uint64_t limit = 0;                      // --limit N, 0 = all: a smoke test of the command
  bool json = false;                            // --json: results on stdout as JSON
};

// Adds --config, --set, --out, --limit and --json to a command, and before them its options of setting_options.h.
void add_common_options(CLI::App& app, const std::string& command, CommonOptions& options);

// Settings of a command, resolved from defaults, file, --set and options; `check` applies the rules over several fields.
using UseSettings = std::function<void(Fields& fields, const std::function<void()>& check)>;

struct Command {
  const char* name;
  void (*add)(CLI::App& app, Run& run);
  void (*settings)(const std::string& name, const CommonOptions& options,
                   const UseSettings& use) = nullptr;  // nullptr: it has none

  void with_settings(const CommonOptions& options, const UseSettings& use) const {
    settings(name, options, use);
  }
};

// All of them, in the order of `film --help`.
const std::vector<Command>& commands();
const Command* find_command(const std::string& name);  // nullptr: there is none
std::vector<std::string> commands_with_settings();

// The program: every command bound to `run`.
void add_commands(CLI::App& app, Run& run);

// Gives `fields`, those of a command at their defaults, what file, --set and options say. Throws config_error; for an
// unknown setting with the place where such a setting is.
void resolve_fields(Fields& fields, const std::string& command, const CommonOptions& options);

template <Described S>
Fields resolve_settings(S& settings, const std::string& command, const CommonOptions& options) {
  Fields fields;
  settings.describe(fields);
  resolve_fields(fields, command, options);
  return fields;
}

// The last line of a command, behind its result: what it wrote, and the command line or action that comes next.
void say_written(const fs::path& folder, bool now, const std::string& next);
// Whether `folder` was finished before the command begins.
bool holds_results(const fs::path& folder);

void add_synth(CLI::App& app, Run& run);
void add_qa(CLI::App& app, Run& run);
void add_train(CLI::App& app, Run& run);
void add_eval(CLI::App& app, Run& run);
void add_report(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_benchmark(CLI::App& app, Run& run);
void add_show(CLI::App& app, Run& run);
void add_slurm_script(CLI::App& app, Run& run);
void add_status(CLI::App& app, Run& run);
void add_check(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_config(CLI::App& app, Run& run);
void add_help(CLI::App& app, Run& run);
void add_version(CLI::App& app, Run& run);
void add_completion(CLI::App& app, Run& run);
void add_man(CLI::App& app, Run& run);

// Results on stdout must not be lost without a word: throws io_error. A reader that has closed it wants no more.
void finish_stdout();

}  // namespace film::cli

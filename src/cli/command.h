#pragma once
// The commands of film. Each is one file src/cli/<command>.cpp with `void add_<command>(CLI::App&, Run&)`: it binds its
// options and stores in `run` what main calls after parsing.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "film/base/output_folder.h"

namespace CLI {
class App;
}

namespace film::cli {

using Run = std::function<void(const ProgramInfo&)>;

struct CommonOptions {
  std::optional<std::filesystem::path> config;  // --config FILE
  std::vector<std::string> set;                 // --set key=value, repeatable
  std::filesystem::path out;                    // --out FOLDER
  std::uint64_t limit = 0;                      // --limit N, 0 = all: a smoke test of the command
  bool json = false;                            // --json: results on stdout as JSON
};

// Adds --config, --set, --out, --limit and --json to a command.
void add_common_options(CLI::App& command, CommonOptions& options, bool out_required = true);

// Settings of a command, resolved from defaults, file and --set; `check` applies the rules over several fields.
using UseSettings = std::function<void(const Fields& fields, const std::function<void()>& check)>;

struct Command {
  const char* name;
  void (*add)(CLI::App& app, Run& run);
  void (*with_settings)(const CommonOptions& options, const UseSettings& use);  // nullptr: it has none
};

// All of them, in the order of `film --help`.
const std::vector<Command>& commands();

void add_synth(CLI::App& app, Run& run);
void add_qa(CLI::App& app, Run& run);
void add_train(CLI::App& app, Run& run);
void add_eval(CLI::App& app, Run& run);
void add_status(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_config(CLI::App& app, Run& run);

}  // namespace film::cli

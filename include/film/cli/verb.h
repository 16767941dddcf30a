#pragma once
// What the subcommands share. Each verb is one file src/cli/<verb>.cpp with `void add_<verb>(CLI::App&,
// Run&)`: it binds its options and stores in `run` what main calls after parsing.
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
  std::uint64_t limit = 0;                      // --limit N, 0 = all: a smoke test of the verb
  bool json = false;                            // --json: results on stdout as JSON
};

// Adds --config, --set, --out, --limit and --json to a verb.
void add_common_options(CLI::App& verb, CommonOptions& options, bool out_required = true);

void add_synth(CLI::App& app, Run& run);
void add_qa(CLI::App& app, Run& run);
void add_train(CLI::App& app, Run& run);
void add_eval(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_config(CLI::App& app, Run& run);

}  // namespace film::cli

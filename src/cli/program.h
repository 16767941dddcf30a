#pragma once
// The program as a whole: its name, its general options, all commands; and what is wrong with a command line.
#include <string>

#include "command.h"
#include "film/base/error.h"

namespace CLI {
class Error;
}

namespace film::cli {

struct GeneralOptions {
  int verbose = 0;
  bool quiet = false;
};

// Binds everything to `run` and, where given, to `general`. They and `app` must outlive each other's use.
void describe_program(CLI::App& app, Run& run, GeneralOptions* general = nullptr);

// The command that `app` was asked for, "film" if none: of what it has parsed.
std::string asked_for(const CLI::App& app);

// The deepest command that was recognised; `app` itself if none.
const CLI::App& deepest(const CLI::App& app);

// What CLI11 found wrong with a command line, in the words of all other errors: usage (2) with what to do.
film::Error usage_of(const CLI::Error& failure, const CLI::App& app);

// {"error": {"code", "message", "hint"}}
Json error_json(const film::Error& failure);

}  // namespace film::cli

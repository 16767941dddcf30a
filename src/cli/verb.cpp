#include "film/cli/verb.h"

#include <CLI/CLI.hpp>

namespace film::cli {

void add_common_options(CLI::App& verb, CommonOptions& options, bool out_required) {
  verb.add_option("--config", options.config, "Settings file (JSON with comments)");
  verb.add_option("--set", options.set, "One setting: key=value (repeatable); see `film config show`")
      ->allow_extra_args(false);
  auto* out = verb.add_option("--out", options.out, "Output folder");
  if (out_required) out->required();
  verb.add_option("--limit", options.limit, "Only the first N items: a smoke test");
  verb.add_flag("--json", options.json, "Results on stdout as JSON");
}

}  // namespace film::cli

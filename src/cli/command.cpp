#include "command.h"

#include <CLI/CLI.hpp>

#include "film/contexts/synth.h"
#include "film/engine/train_settings.h"
#include "film/evaluation/settings.h"
#include "film/questions/settings.h"

namespace film::cli {
namespace {

template <class Settings>
void with_settings(const CommonOptions& options, const UseSettings& use) {
  Settings settings;
  const Fields fields = resolve(settings, options.config, options.set);
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
      {"synth", add_synth, with_settings<contexts::SynthSettings>},
      {"qa", add_qa, with_settings<questions::QaSettings>},
      {"train", add_train, with_settings<engine::TrainSettings>},
      {"eval", add_eval, with_settings<evaluation::Settings>},
      {"status", add_status, nullptr},
      {"config", add_config, nullptr},
      {"doctor", add_doctor, nullptr},
  };
  return table;
}

void add_common_options(CLI::App& command, CommonOptions& options, bool out_required) {
  command.add_option("--config", options.config, "Settings file (JSON with comments)");
  command.add_option("--set", options.set, "One setting: key=value (repeatable); see `film config show`")
      ->allow_extra_args(false);
  auto* out = command.add_option("--out", options.out, "Output folder");
  if (out_required) out->required();
  command.add_option("--limit", options.limit, "Only the first N items: a smoke test");
  command.add_flag("--json", options.json, "Results on stdout as JSON");
}

}  // namespace film::cli

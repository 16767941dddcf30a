// film config: settings shown, checked, and written as a file to start from.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "film/base/error.h"
#include "film/base/log.h"
#include "film/cli/verb.h"
#include "film/contexts/synth.h"
#include "film/engine/train_settings.h"
#include "film/evaluation/settings.h"
#include "film/questions/settings.h"

namespace film::cli {
namespace {

using Use = std::function<void(const Fields&, const CommonOptions&)>;

template <class Settings>
void with(const CommonOptions& common, const Use& use) {
  Settings settings;
  use(resolve(settings, common.config, common.set), common);
}

// Calls `use` with the settings of one verb, after defaults, file and --set.
void with_settings(const std::string& verb, const CommonOptions& common, const Use& use) {
  if (verb == "synth") with<contexts::SynthSettings>(common, use);
  if (verb == "qa") with<questions::QaSettings>(common, use);
  if (verb == "train") with<engine::TrainSettings>(common, use);
  if (verb == "eval") with<evaluation::Settings>(common, use);
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
  auto* verb = app.add_subcommand("config", "Settings of a verb: show, check, init");
  verb->require_subcommand(1);
  const auto action = [&](const char* name, const char* help, const Use& use) {
    auto* sub = verb->add_subcommand(name, help);
    auto common = std::make_shared<CommonOptions>();
    auto which = std::make_shared<std::string>();
    sub->add_option("verb", *which, "synth, qa, train or eval")
        ->required()
        ->check(CLI::IsMember({"synth", "qa", "train", "eval"}));
    add_common_options(*sub, *common, false);
    sub->callback([=, &run] { run = [=](const ProgramInfo&) { with_settings(*which, *common, use); }; });
  };
  action("show", "Every setting with its value, meaning and origin",
         [](const Fields& fields, const CommonOptions& common) { show(fields, common.json); });
  action("check", "Check a settings file (--config) without doing any work",
         [](const Fields&, const CommonOptions&) { std::puts("settings are valid"); });
  action("init", "Write a settings file with all defaults to --out",
         [](const Fields& fields, const CommonOptions& common) {
           if (common.out.empty()) throw usage_error("film config init needs --out FILE");
           write_start(fields, common.out);
         });
}

}  // namespace film::cli

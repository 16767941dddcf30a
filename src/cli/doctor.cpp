// film doctor: what this machine has for film, and what to do about what it lacks.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "build.h"
#include "command.h"
#include "film/base/error.h"
#include "film/engine/machine_check.h"
#include "put.h"

namespace film::cli {
namespace {

using engine::Finding;

struct Options {
  std::string tokenizer;
  fs::path out = ".";
  bool json = false;
};

Json json_of(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& f : findings)
    list.push_back(
        {{"subject", f.subject}, {"state", name_of(f.state)}, {"found", f.found}, {"remedy", f.remedy}});
  return {{"film", build_json()}, {"findings", list}};
}

std::string table(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings) {
    text += fmt::format("{:<8} {:<14} {}\n", name_of(f.state), f.subject, f.found);
    if (!f.remedy.empty()) text += fmt::format("{:<8} {:<14} -> {}\n", "", "", f.remedy);
  }
  return text;
}

void run_doctor(const Options& options) {
  const std::vector<Finding> findings = engine::check_machine(options.out, options.tokenizer);
  if (options.json)
    put_json(json_of(findings));
  else
    put_text(table(findings));
  for (const Finding& f : findings)
    if (f.state == Finding::State::problem)
      throw config_error("film doctor found a problem: " + f.subject, f.remedy);
}

}  // namespace

void add_doctor(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("doctor", "What this machine has for film, and what to do about what it lacks");
  auto options = std::make_shared<Options>();
  command->add_option("--tokenizer", options->tokenizer,
                      "SentencePiece .model to check (default: FILM_TOKENIZER)");
  command->add_option("--out", options->out, "Folder to be written to");
  command->add_flag("--json", options->json, "Findings as JSON");
  command->callback([options, &run] { run = [options](const ProgramInfo&) { run_doctor(*options); }; });
}

}  // namespace film::cli

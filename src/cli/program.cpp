#include "program.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "build.h"
#include "film/base/suggest.h"
#include "page.h"

namespace film::cli {

void describe_program(CLI::App& app, Run& run, GeneralOptions* general) {
  app.description(
      "Find out where in a long context a model stops reading, and train it to read everywhere: "
      "information-intensive "
      "(IN2) training. In order: synth (texts -> contexts), qa (questions and answers), train, eval.");
  app.footer(
      "film synth my_texts --tokenizer tokenizer.model --out data\n"
      "film qa data\n"
      "film train data --model MODEL --out run\n"
      "film eval run --data data --out report");
  app.set_version_flag(
      "--version", [] { return version_text(); }, "Say what this build is");
  app.require_subcommand(1);
  app.fallthrough();
  static GeneralOptions nobody;  // where only the texts are wanted
  GeneralOptions& bound = general != nullptr ? *general : nobody;
  app.add_flag("-v,--verbose", bound.verbose, "More messages on stderr");
  app.add_flag("-q,--quiet", bound.quiet, "Warnings and errors only");
  add_commands(app, run);
}

std::string asked_for(const CLI::App& app) {
  std::string name = "film";
  for (const CLI::App* at = &app; !at->get_subcommands().empty(); name += " " + at->get_name())
    at = at->get_subcommands().front();
  return name;
}

const CLI::App& deepest(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

namespace {

std::string help_hint(const std::string& command) {
  return command == "film" ? "film help lists all commands" : "film help" + command.substr(4) + " lists all";
}

film::Error unknown_option(const std::string& word, const CLI::App& app, const std::string& command) {
  std::vector<std::string> known;
  for (const Page& page : {page_of(app, command), page_of(deepest(app), command)})
    for (const PageRow& row : page.options) known.insert(known.end(), row.words.begin(), row.words.end());
  const std::string name = word.substr(0, word.find('=')), close = did_you_mean(nearest(name, known));
  return usage_error(command + " has no option " + name,
                     (close.empty() ? "" : close + " ") + help_hint(command));
}

film::Error unknown_word(const std::string& word, const CLI::App& app, const std::string& command) {
  const CLI::App& at = deepest(app);
  std::vector<std::string> names;
  for (const CLI::App* sub : at.get_subcommands(nullptr)) names.push_back(sub->get_name());
  if (names.empty()) return usage_error(command + " does not take \"" + word + "\"", help_hint(command));
  const std::string close = did_you_mean(nearest(word, names));
  return usage_error("there is no command \"" + (command + " ").substr(5) + word + "\"",
                     (close.empty() ? "" : close + " ") + help_hint(command));
}

// Errors have the name of their command, so only their code tells them apart.
bool failed_as(const CLI::Error& failure, CLI::ExitCodes code) {
  return failure.get_exit_code() == static_cast<int>(code);
}

}  // namespace

film::Error usage_of(const CLI::Error& failure, const CLI::App& app) {
  const std::string command = asked_for(app);
  const bool needs_command =
      failed_as(failure, CLI::ExitCodes::RequiredError) && !deepest(app).get_subcommands(nullptr).empty();
  if (failed_as(failure, CLI::ExitCodes::ExtrasError) || needs_command) {
    const std::vector<std::string> extras = app.remaining(true);
    if (extras.empty()) return usage_error(command + " needs a command", help_hint(command));
    const std::string& unknown = extras.front();
    return unknown.starts_with("-") ? unknown_option(unknown, app, command)
                                    : unknown_word(unknown, app, command);
  }
  const std::string what = failure.what();
  if (const std::size_t twice = what.find(": At Most 1 "); twice != std::string::npos)
    return usage_error(command + ": " + what.substr(0, twice) + " is given more than once", "give it once");
  return usage_error(command + ": " + what, help_hint(command));
}

Json error_json(const film::Error& failure) {
  return {
      {"error",
       {{"code", static_cast<int>(failure.code())}, {"message", failure.what()}, {"hint", failure.hint()}}}};
}

}  // namespace film::cli

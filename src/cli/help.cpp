// film help, film man, film version: what the program says about itself.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "build.h"
#include "command.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "page.h"
#include "program.h"

namespace film::cli {
namespace {

// The page of the command that `words` name; of the program itself for none.
Page find_page(const std::vector<std::string>& words) {
  CLI::App program;
  Run none;
  describe_program(program, none);
  const std::string name = words.empty() ? "film" : "film " + join(words, " ");
  std::vector<std::string> names;
  for (Page& page : pages(program)) {
    if (page.name == name) return std::move(page);
    names.push_back(page.name.substr(std::min<std::size_t>(5, page.name.size())));
  }
  throw usage_error("there is no command \"" + join(words, " ") + "\"",
                    did_you_mean(nearest(join(words, " "), names)) + " film help lists all");
}

using Text = std::string (*)(const Page&);

void add_pages(CLI::App& app, Run& run, const char* name, const char* purpose, const char* examples,
               Text text) {
  auto* command = app.add_subcommand(name, purpose);
  command->footer(examples);
  auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("COMMAND", *words, "A command, or two words: config show");
  command->callback(
      [=, &run] { run = [=](const ProgramInfo&) { std::fputs(text(find_page(*words)).c_str(), stdout); }; });
}

}  // namespace

void add_help(CLI::App& app, Run& run) {
  add_pages(app, run, "help", "Explain a command, or list all", "film help synth\nfilm help config show",
            help_text);
}

void add_man(CLI::App& app, Run& run) {
  add_pages(app, run, "man", "Print the man page of a command", "film man synth | man -l -", man_text);
}

void add_version(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("version", "Say what this build is");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As JSON");
  command->callback([json, &run] {
    run = [json](const ProgramInfo&) {
      std::fputs((*json ? to_pretty(build_json()) : version_text() + "\n").c_str(), stdout);
    };
  });
}

}  // namespace film::cli

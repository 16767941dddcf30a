#include "page.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "command.h"
#include "film/base/strings.h"

namespace film::cli {
namespace {

PageRow row_of(const CLI::Option& option) {
  PageRow row;
  for (const std::string& name : option.get_snames()) row.words.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) row.words.push_back("--" + name);
  row.names = join(row.words, ", ");
  if (option.get_items_expected_max() > 0) row.names += " " + option.get_type_name();
  row.help = option.get_description();
  return row;
}

// A positional that has a name with dashes too is in both lists.
void add_option(const CLI::Option& option, Page& page) {
  if (option.get_positional()) {
    const bool many = option.get_items_expected_max() > 1;
    page.positionals.push_back(
        {option.get_name(true, false) + (many ? "..." : ""), {}, option.get_description()});
  }
  if (option.nonpositional()) page.options.push_back(row_of(option));
}

}  // namespace

Page page_of(const CLI::App& app, const std::string& name) {
  Page page;
  page.name = name;
  page.purpose = app.get_description();
  for (const CLI::Option* option : app.get_options()) add_option(*option, page);
  for (const CLI::App* sub : app.get_subcommands(nullptr))
    page.commands.push_back({sub->get_name(), {sub->get_name()}, sub->get_description()});
  const std::string examples = app.get_footer();
  for (const std::string_view example : split(examples, "\n"))
    if (!example.empty()) page.examples.emplace_back(example);
  page.usage = name + (page.commands.empty() ? "" : " COMMAND");
  for (const PageRow& row : page.positionals) page.usage += " [" + row.names + "]";
  page.usage += " [OPTIONS]";
  const Command* command = find_command(app.get_name());
  page.has_settings = command != nullptr && command->settings != nullptr;
  return page;
}

std::vector<Page> pages(const CLI::App& program) {
  std::vector<Page> all = {page_of(program, "film")};
  for (const CLI::App* command : program.get_subcommands(nullptr)) {
    const std::string name = "film " + command->get_name();
    all.push_back(page_of(*command, name));
    for (const CLI::App* sub : command->get_subcommands(nullptr))
      all.push_back(page_of(*sub, name + " " + sub->get_name()));
  }
  return all;
}

}  // namespace film::cli

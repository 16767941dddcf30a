// A page as help on a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "film/base/terminal.h"
#include "page.h"

namespace film::cli {
namespace {

constexpr int kWidth = 80;
constexpr std::size_t kWidest = 28;

// Names in one column, what they mean in the next; a long name stands alone on its line.
std::string help_section(const std::string& title, const std::vector<PageRow>& rows) {
  if (rows.empty()) return {};
  std::size_t column = 0;
  for (const PageRow& row : rows)
    if (row.names.size() <= kWidest) column = std::max(column, row.names.size());
  const std::size_t indent = column + 4;
  const int begin = static_cast<int>(indent);
  std::string text = "\n" + title + "\n";
  for (const PageRow& row : rows) {
    const bool alone = row.names.size() > column;
    const std::string gap =
        alone ? "\n" + std::string(indent, ' ') : std::string(indent - 2 - row.names.size(), ' ');
    text += "  " + row.names + gap + wrapped(row.help, kWidth, begin, begin) + "\n";
  }
  return text;
}

}  // namespace

std::string help_text(const Page& page) {
  std::string text = wrapped(page.purpose, kWidth, 0, 0) + "\n\nUsage: " + page.usage + "\n";
  text += help_section("Commands:", page.commands) + help_section("Arguments:", page.positionals) +
          help_section("Options:", page.options);
  if (!page.examples.empty()) text += "\nExamples:\n";
  for (const std::string& example : page.examples) text += "  " + example + "\n";
  const std::string command = page.name.substr(page.name.find(' ') + 1);
  if (page.has_settings)
    text += fmt::format(
        "\nAll settings with their meaning: film config show {0}\n"
        "Find one by a word: film config search WORD\n",
        command);
  if (page.name == "film") text += "\nMore about a command: film help COMMAND\n";
  return text;
}

}  // namespace film::cli

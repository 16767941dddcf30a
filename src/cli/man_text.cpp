// A page as a man page.
#include <algorithm>

#include "page.h"

namespace film::cli {
namespace {

// troff takes a backslash, and a dot or quote at the beginning of a line, for its own; '-' is a hyphen.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string man_section(const std::string& title, const std::vector<PageRow>& rows) {
  if (rows.empty()) return {};
  std::string text = ".SH " + title + "\n";
  for (const PageRow& row : rows) text += ".TP\n.B " + escaped(row.names) + "\n" + escaped(row.help) + "\n";
  return text;
}

}  // namespace

std::string man_text(const Page& page) {
  std::string name = page.name;
  std::ranges::replace(name, ' ', '-');
  std::string upper = name;
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return 'a' <= c && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string text = ".TH " + escaped(upper) + " 1\n.SH NAME\n" + escaped(name) + " \\- " +
                     escaped(page.purpose) + "\n.SH SYNOPSIS\n.B " + escaped(page.usage) + "\n";
  text += man_section("COMMANDS", page.commands) + man_section("ARGUMENTS", page.positionals) +
          man_section("OPTIONS", page.options);
  if (!page.examples.empty()) text += ".SH EXAMPLES\n.nf\n";
  for (const std::string& example : page.examples) text += escaped(example) + "\n";
  if (!page.examples.empty()) text += ".fi\n";
  if (page.has_settings)
    text += ".SH SETTINGS\nAll of them with their meaning: film config show " +
            page.name.substr(page.name.find(' ') + 1) + "\n";
  return text;
}

}  // namespace film::cli

#pragma once
// What a command is and takes, read from the program that main binds: help, man pages and completions show the same.
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace film::cli {

struct PageRow {
  std::string names;               // "-o, --out FOLDER", "INPUT...", "synth"
  std::vector<std::string> words;  // as typed: {"-o", "--out"}; {} of a positional
  std::string help;
};

struct Page {
  std::string name;     // "film synth"
  std::string purpose;  // one line
  std::string usage;    // "film synth [INPUT...] [OPTIONS]"
  std::vector<PageRow> commands, positionals, options;
  std::vector<std::string> examples;
  bool has_settings = false;  // film config show tells all of them
};

// Of the program itself ("film") or of a command, which may be two words ("config show").
Page page_of(const CLI::App& app, const std::string& name);

// All pages: the program's, then those of the commands and of theirs.
std::vector<Page> pages(const CLI::App& program);

std::string help_text(const Page& page);  // for a terminal of 80 columns
std::string man_text(const Page& page);   // troff, section 1

}  // namespace film::cli

// film completion: scripts that complete commands and options in a shell.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "command.h"
#include "film/base/error.h"
#include "film/base/strings.h"
#include "page.h"

namespace film::cli {
namespace {

std::vector<std::string> words_of(const Page& page) {
  std::vector<std::string> words;
  for (const PageRow& row : page.commands) words.push_back(row.words[0]);
  for (const PageRow& row : page.options) words.insert(words.end(), row.words.begin(), row.words.end());
  return words;
}

// The words after a command complete it; anything that is not an option is a path.
std::string bash_script(const std::vector<Page>& all) {
  std::string text =
      "_film() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" command=film word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$command $word\" in\n";
  for (const Page& page : all)
    if (page.name != "film") text += "      \"" + page.name + "\") command=\"" + page.name + "\" ;;\n";
  text += "    esac\n  done\n  local words=\n  case \"$command\" in\n";
  for (const Page& page : all)
    text += "    \"" + page.name + "\") words=\"" + join(words_of(page), " ") + "\" ;;\n";
  return text +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -F _film film\n";
}

// zsh runs bash's completions.
std::string zsh_script(const std::vector<Page>& all) {
  return "#compdef film\nautoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" +
         bash_script(all);
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("\\'") : c == '\\' ? "\\\\" : std::string(1, c);
  return out + "'";
}

std::string fish_option(const std::string& condition, const PageRow& row) {
  std::string text = "complete -c film -n " + fish_quoted(condition);
  for (const std::string& word : row.words)
    text += word.starts_with("--") ? " -l " + word.substr(2) : " -s " + word.substr(1);
  return text + " -d " + fish_quoted(row.help) + "\n";
}

std::string fish_script(const std::vector<Page>& all) {
  std::string text;
  for (const Page& page : all) {
    const bool program = page.name == "film";
    std::string condition = "__fish_use_subcommand";
    if (!program) {
      condition.clear();
      for (const std::string_view word : split(page.name.substr(5), " "))
        condition += std::string(condition.empty() ? "" : "; and ") + "__fish_seen_subcommand_from " +
                     std::string(word);
    }
    for (const PageRow& row : page.commands)
      text += "complete -c film -n " + fish_quoted(condition) + " -a " + row.words[0] + " -d " +
              fish_quoted(row.help) + "\n";
    for (const PageRow& row : page.options) text += fish_option(condition, row);
  }
  return text;
}

std::string script(const std::string& shell) {
  CLI::App program;
  Run none;
  add_commands(program, none);
  const std::vector<Page> all = pages(program);
  if (shell == "bash") return bash_script(all);
  return shell == "zsh" ? zsh_script(all) : fish_script(all);
}

}  // namespace

void add_completion(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("completion", "Print a script that completes film in bash, zsh or fish");
  command->footer(
      "film completion bash > ~/.local/share/bash-completion/completions/film\n"
      "film completion zsh > \"${fpath[1]}/_film\"\n"
      "film completion fish > ~/.config/fish/completions/film.fish");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback(
      [=, &run] { run = [shell](const ProgramInfo&) { std::fputs(script(*shell).c_str(), stdout); }; });
}

}  // namespace film::cli

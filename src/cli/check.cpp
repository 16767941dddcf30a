// film check: whether folders are whole.
#include "film/folders/check.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "command.h"
#include "film/base/error.h"
#include "film/base/format.h"
#include "film/base/strings.h"
#include "put.h"

namespace film::cli {
namespace {

using folders::FolderCheck;

Json json_of(const FolderCheck& check) {
  return {{"folder", check.folder.string()},
          {"kind", name_of(check.kind)},
          {"whole", check.whole()},
          {"files", check.files},
          {"bytes", check.bytes},
          {"holds", check.holds},
          {"notes", check.notes},
          {"faults", check.faults}};
}

std::string text_of(const FolderCheck& check) {
  std::string text = fmt::format("{} ({}): {}\n", check.folder.string(), name_of(check.kind),
                                 check.whole() ? "whole" : "not whole");
  std::vector<std::string> rows = check.holds;
  if (check.files > 0)
    rows.insert(rows.begin(), fmt::format("{} ({}) compared by hash", counted(check.files, "file"),
                                          counted(check.bytes, "byte")));
  if (!rows.empty()) text += "  " + join(rows, ", ") + "\n";
  for (const std::string& note : check.notes) text += "  note: " + note + "\n";
  for (const std::string& fault : check.faults) text += "  fault: " + fault + "\n";
  return text;
}

void run_check(const std::vector<fs::path>& given, bool json) {
  std::vector<FolderCheck> checks;
  for (const fs::path& folder : given)
    std::ranges::move(folders::check_folder(folder.lexically_normal()), std::back_inserter(checks));
  std::string text;
  std::vector<std::string> broken;
  Json list = Json::array();
  for (const FolderCheck& check : checks) {
    text += text_of(check);
    list.push_back(json_of(check));
    if (!check.whole()) broken.push_back(check.folder.string());
  }
  if (json)
    put_json(list);
  else
    put_text(text);
  if (broken.empty()) return;
  if (json) throw Error(ExitCode::bad_data, "");  // the list says it
  throw bad_data(
      fmt::format("{} of {} folders are not whole: {}", broken.size(), checks.size(), join(broken, ", ")),
      "put damaged files back, or make the folder again; what was made from it depends on it");
}

}  // namespace

void add_check(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("check", "Whether folders that film wrote are whole, and their inputs unchanged");
  command->footer("film check data run report\nfilm check run/checkpoints/step-00000020 --json");
  auto folders = std::make_shared<std::vector<fs::path>>();
  auto json = std::make_shared<bool>(false);
  command
      ->add_option(
          "FOLDER", *folders,
          "Folders of film synth, qa, train and eval, checkpoints; with DATA its questions, with a run its "
          "checkpoints")
      ->type_name("FOLDER");
  command->add_flag("--json", *json, "Result on stdout as JSON");
  command->callback([folders, json, &run] {
    run = [folders, json](const ProgramInfo&) {
      if (folders->empty())
        throw usage_error("film check needs FOLDER",
                          "for example: film check data, film check data run report");
      run_check(*folders, *json);
    };
  });
}

}  // namespace film::cli

// film status: what a folder holds, and what comes next.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "command.h"
#include "film/base/format.h"
#include "film/base/json.h"
#include "film/folders/open_folder.h"
#include "put.h"
#include "shell_line.h"

namespace film::cli {
namespace {

struct Status {
  std::string folder, kind;
  std::vector<std::pair<std::string, std::string>> rows = {};  // what, how much
  std::string next = {};                                       // a command line, or what to look at
};

std::string resume_line(const fs::path& folder) {
  return "resume: " + film_line(folders::recorded_command(folder));
}

void tell(Status& status, const folders::DataFolder& data) {
  std::map<Split, std::uint64_t> contexts;
  for (const Context& context : data.contexts())
    if (!context.twin_of) ++contexts[context.split];
  for (const auto& [split, count] : contexts)
    status.rows.emplace_back("contexts, " + name_of(split), grouped(count));
  if (const auto& twins = data.facts().contexts.twins)
    status.rows.emplace_back("twins without evidence", grouped(twins->count));
  status.rows.emplace_back("examples", data.has_examples() ? grouped(data.examples().size()) : "none yet");
  if (const std::size_t general = data.conversations().size(); general > 0)
    status.rows.emplace_back("general conversations", grouped(general));
  const std::string folder = data.path().string();
  status.next =
      data.has_examples() ? "film train " + folder + " --model MODEL --out RUN" : "film qa " + folder;
}

void tell(Status& status, const folders::RunFolder& run) {
  if (!run.finished()) {
    status.rows.emplace_back("steps so far", grouped(run.metrics().size()));
    status.next = resume_line(run.path());
    return;
  }
  status.rows = {{"model", run.facts().model},
                 {"steps", grouped(static_cast<std::uint64_t>(run.facts().steps))},
                 {"trained model", run.final_checkpoint().string()}};
  status.next = fmt::format("film eval {} --data DATA --out EVAL", run.path().string());
}

void tell(Status& status, const folders::EvalFolder& evaluation) {
  status.rows = {{"report", evaluation.report().string()}};
  status.next =
      status.kind == name_of(folders::FolderKind::report)
          ? "open the report in a browser"
          : fmt::format("film show {} --wrong, or open the report in a browser", evaluation.path().string());
}

void tell(Status& status, const folders::ExportFolder& exported) {
  for (const auto& [split, rows] : exported.facts().rows)
    status.rows.emplace_back("questions, " + split, grouped(rows));
  status.next = "read " + (exported.path() / "README.md").string();
}

void tell(Status& status, const folders::BenchmarkFolder& benchmark) {
  for (const auto& [task, rows] : benchmark.facts().rows)
    status.rows.emplace_back("questions, " + task, grouped(rows));
  for (const auto& [length, tasks] : benchmark.facts().mean_tokens)
    status.rows.emplace_back("length", length + " tokens");
  status.next =
      "film eval MODEL --task NAME --set task_data=" + (benchmark.path() / "LENGTH").string() + " --out EVAL";
}

void tell(Status& status, const folders::ModelFolder& model) {
  status.rows = {{"weights", counted(model.weights().size(), "file")},
                 {"tokenizer", model.tokenizer() ? model.tokenizer()->string() : "none"}};
  status.next = fmt::format("film eval {} --data DATA --out EVAL", model.path().string());
}

bool is_known(const fs::path& folder) {
  return fs::exists(folder / "settings.json") || fs::exists(folder / "config.json");
}

Status status_of(const fs::path& folder) {
  const folders::FolderKind kind = folders::kind_of_folder(folder);
  Status status{folder.lexically_normal().string(), name_of(kind)};
  const bool resumable = kind != folders::FolderKind::model && kind != folders::FolderKind::train;
  if (resumable && !fs::exists(folder / "manifest.json")) {
    status.rows.emplace_back("finished", "no");
    status.next = resume_line(folder);
    return status;
  }
  std::visit([&](const auto& opened) { tell(status, opened); }, folders::open_folder(folder));
  return status;
}

// The folder itself, or those in it that film knows.
std::vector<Status> status_below(const fs::path& folder) {
  std::vector<fs::path> known;
  if (fs::is_directory(folder) && !is_known(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_directory() && is_known(entry.path())) known.push_back(entry.path());
  std::ranges::sort(known);
  if (known.empty()) known.push_back(folder);  // what is wrong with it is said when it is opened
  std::vector<Status> list;
  for (const fs::path& path : known) list.push_back(status_of(path));
  return list;
}

Json json_of(const Status& status) {
  Json rows = Json::object();
  for (const auto& [what, value] : status.rows) rows[what] = value;
  return {{"folder", status.folder}, {"kind", status.kind}, {"holds", rows}, {"next", status.next}};
}

std::string text_of(const Status& status) {
  std::string text = fmt::format("{} ({})\n", status.folder, status.kind);
  for (const auto& [what, value] : status.rows) text += fmt::format("  {:<22} {}\n", what, value);
  return text + fmt::format("next: {}\n", status.next);
}

void run_status(const fs::path& folder, bool json) {
  const std::vector<Status> list = status_below(folder);
  std::string text;
  Json all = Json::array();
  for (const Status& status : list) {
    text += (text.empty() ? "" : "\n") + text_of(status);
    all.push_back(json_of(status));
  }
  const bool itself = list.size() == 1 && list[0].folder == folder.lexically_normal().string();
  if (json)
    put_json(itself ? all[0] : all);
  else
    put_text(text);
}

}  // namespace

void add_status(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("status", "What a folder holds, and what comes next (also: film ls)");
  command->alias("ls");
  command->footer("film status data\nfilm ls runs");
  auto folder = std::make_shared<fs::path>(".");
  auto json = std::make_shared<bool>(false);
  command
      ->add_option("FOLDER", *folder,
                   "Folder that film wrote, a model folder, or one that holds such folders")
      ->type_name("FOLDER");
  command->add_flag("--json", *json, "Result on stdout as JSON");
  command->callback(
      [folder, json, &run] { run = [folder, json](const ProgramInfo&) { run_status(*folder, *json); }; });
}

}  // namespace film::cli

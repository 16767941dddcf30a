// film status: what a folder holds, and what comes next.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "command.h"
#include "film/base/format.h"
#include "film/base/json.h"
#include "film/folders/open_folder.h"

namespace film::cli {
namespace {

struct Status {
  std::vector<std::pair<std::string, std::string>> rows;  // what, how much
  std::string next;                                       // a command line, or what to look at
};

Status status_of(const folders::DataFolder& data) {
  std::map<Split, std::uint64_t> contexts;
  for (const Context& context : data.contexts()) ++contexts[context.split];
  Status status;
  for (const auto& [split, count] : contexts)
    status.rows.emplace_back("contexts, " + name_of(split), grouped(count));
  status.rows.emplace_back("examples", data.has_examples() ? grouped(data.examples().size()) : "none yet");
  status.next =
      data.has_examples()
          ? fmt::format("film train --set 'stages=[{{\"data\": [\"{}\"]}}]' --out RUN", data.path().string())
          : "film qa " + data.path().string();
  return status;
}

Status status_of(const folders::RunFolder& run) {
  if (!run.finished())
    return {{{"steps so far", grouped(run.metrics().size())}}, "rerun the same film train command to resume"};
  return {{{"model", run.facts().model},
           {"steps", grouped(static_cast<std::uint64_t>(run.facts().steps))},
           {"trained model", run.final_checkpoint().string()}},
          fmt::format("film eval --set model={} --out EVAL", run.path().string())};
}

Status status_of(const folders::EvalFolder& evaluation) {
  return {{{"report", evaluation.report().string()}}, "open the report in a browser"};
}

Status status_of(const folders::ModelFolder& model) {
  return {{{"weights", grouped(model.weights().size()) + " files"},
           {"tokenizer", model.tokenizer() ? model.tokenizer()->string() : "none"}},
          fmt::format("film eval --set model={} --out EVAL", model.path().string())};
}

void run_status(const fs::path& folder, bool json) {
  const std::string kind = name_of(folders::kind_of_folder(folder));
  const Status status =
      std::visit([](const auto& opened) { return status_of(opened); }, folders::open_folder(folder));
  if (json) {
    Json rows = Json::object();
    for (const auto& [what, value] : status.rows) rows[what] = value;
    std::fputs(
        to_pretty({{"folder", folder.string()}, {"kind", kind}, {"holds", rows}, {"next", status.next}})
            .c_str(),
        stdout);
    return;
  }
  std::fputs(fmt::format("{} ({})\n", folder.string(), kind).c_str(), stdout);
  for (const auto& [what, value] : status.rows)
    std::fputs(fmt::format("  {:<22} {}\n", what, value).c_str(), stdout);
  std::fputs(fmt::format("next: {}\n", status.next).c_str(), stdout);
}

}  // namespace

void add_status(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("status", "What a folder holds, and what comes next");
  auto folder = std::make_shared<fs::path>();
  auto json = std::make_shared<bool>(false);
  command->add_option("FOLDER", *folder, "Folder that film wrote, or a model folder")->required();
  command->add_flag("--json", *json, "Result on stdout as JSON");
  command->callback(
      [folder, json, &run] { run = [folder, json](const ProgramInfo&) { run_status(*folder, *json); }; });
}

}  // namespace film::cli

// film eval: probes a model (and its starting point) by evidence position and writes the report.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <memory>

#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/base/log.h"
#include "film/base/output_folder.h"
#include "film/cli/eval_settings.h"
#include "film/cli/verb.h"
#include "film/contexts/data_folder.h"
#include "film/engine/chat_endpoint.h"
#include "film/engine/engine.h"
#include "film/engine/model_config.h"
#include "film/report/report.h"
#include "film/scores/answerer.h"
#include "film/scores/runner.h"
#include "film/scores/summary.h"
#include "film/scores/tasks.h"

namespace film::cli {

void EvalSettings::describe(Fields& f) {
  f.add("model", model, "Hugging Face folder, or a run folder that film train wrote");
  f.add("baseline", baseline, "model to compare with; empty = the run's own starting point");
  f.add("tokenizer", tokenizer, "SentencePiece .model file; empty = tokenizer.model of the model folder")
      .runtime();
  f.add("prompt", prompt, "prompt template");
  f.add("data", data, "DATA folders for the in2 probe");
  f.add("shown_data", shown_data, "DATA folders whose lengths and positions the report shows; empty = data")
      .runtime();
  f.add("split", split, "of their examples").one_of({"train", "validation", "test"});
  f.add("title", title, "of the report");
  f.group("endpoint", endpoint);
  f.add("threads", threads, "CPU threads; 0 = all cores").range(0, 1024).runtime();
  probes.describe(f);
}

namespace {

// One model to be probed; without a folder it is the one behind the endpoint.
struct Candidate {
  std::string label;
  fs::path folder;
};

// A run folder's trained model, or the folder itself.
fs::path model_folder(const fs::path& given) {
  if (given.empty())
    throw config_error(
        "no model given",
        "--set model=FOLDER (a run of film train or a Hugging Face folder), or --set endpoint.model=NAME");
  engine::require_model_folder(given);
  if (!fs::exists(given / "checkpoints")) return given;
  if (!fs::exists(given / "manifest.json"))
    throw no_input("the training run " + given.string() + " is not finished",
                   "run film train to its end, or name one of its checkpoints");
  const fs::path manifest = given / "manifest.json";
  return given / member<std::string>(read_json(manifest), "final_checkpoint", manifest.string());
}

fs::path baseline_folder(const EvalSettings& settings) {
  if (!settings.baseline.empty()) return model_folder(settings.baseline);
  const fs::path run = settings.model;
  if (fs::exists(run / "checkpoints/initial")) return run / "checkpoints/initial";
  if (!fs::exists(run / "checkpoints")) return {};
  const fs::path file = run / "settings.json";
  return member<Json>(read_json(file), "settings", file.string()).value("model_folder", "");
}

std::vector<Candidate> candidates(const EvalSettings& settings) {
  std::vector<Candidate> list;
  if (settings.model.empty() && !settings.endpoint.model.empty()) return {{"endpoint", {}}};
  if (const fs::path before = baseline_folder(settings); !before.empty()) list.push_back({"before", before});
  list.push_back({list.empty() ? "model" : "after", model_folder(settings.model)});
  return list;
}

// What the scores depend on besides the settings.
Json input_hashes(const std::vector<Candidate>& models, const EvalSettings& settings, std::uint64_t limit) {
  Json inputs = {{"limit", limit}};
  for (const Candidate& model : models) {
    if (model.folder.empty()) continue;  // the endpoint's identity is in the settings
    for (const auto& entry : fs::directory_iterator(model.folder))
      if (entry.path().extension() == ".safetensors" || entry.path().filename() == "config.json")
        inputs[model.label + "." + entry.path().filename().string()] = sha256_file(entry.path());
  }
  for (const std::string& folder : settings.data)
    inputs[folder] = sha256_file(fs::path(folder) / "manifest.json");
  return inputs;
}

std::vector<scores::HeldOut> held_out(const EvalSettings& settings, const text::Tokenizer& tokenizer) {
  std::vector<scores::HeldOut> list;
  for (const std::string& folder : settings.data) {
    const contexts::DataFolder data(folder);
    if (data.tokenizer_sha256() != tokenizer.sha256())
      throw bad_data(folder + " was made with another tokenizer than the model's",
                     "make the data with this model's tokenizer");
    for (const Example& example : data.examples(settings.split)) {
      const Context& context = data.context(example.context);
      list.push_back({.example = example,
                      .segments = static_cast<std::uint32_t>(context.segments.size()),
                      .pieces = data.segment_texts(context, tokenizer),
                      .ids = data.tokens(context)});
    }
  }
  return list;
}

std::vector<scores::Probe> build_probes(const EvalSettings& settings, const text::Tokenizer& tokenizer) {
  std::vector<scores::Probe> probes;
  for (const std::string& name : settings.probes.tasks) {
    const scores::Task& task = scores::find_task(name);
    scores::TaskInput input{.settings = settings.probes, .tokens = scores::line_tokens(tokenizer)};
    if (task.needs_data) input.held_out = held_out(settings, tokenizer);
    probes.push_back(scores::build_probe(task, input));
  }
  return probes;
}

// metrics.jsonl of the run that made the model, if it is one.
std::vector<Json> training_rows(const EvalSettings& settings) {
  std::vector<Json> rows;
  const fs::path file = fs::path(settings.model) / "metrics.jsonl";
  if (fs::exists(file))
    for_each_record(file, [&](const Json& row, const std::string&) { rows.push_back(row); });
  return rows;
}

// How long the contexts of the DATA folders are, and where their evidence stands.
std::vector<report::Histogram> histograms(const EvalSettings& settings) {
  std::vector<report::Histogram> list;
  for (const std::string& folder : settings.shown_data.empty() ? settings.data : settings.shown_data) {
    const auto found = report::data_histograms(read_json(fs::path(folder) / "manifest.json"),
                                               fs::path(folder).filename().string());
    list.insert(list.end(), found.begin(), found.end());
  }
  return list;
}

class Evaluation {
 public:
  Evaluation(const EvalSettings& settings, const CommonOptions& common, const ProgramInfo& program,
             const OutputFolder& out)
      : settings_(settings),
        common_(common),
        program_(program),
        out_(out),
        models_(candidates(settings)),
        tokenizer_(text::Tokenizer::load(tokenizer_file())),
        probes_(build_probes(settings, tokenizer_)) {}

  // Asks every model every probe; predictions by model, then by probe.
  void ask() {
    for (const Candidate& candidate : models_) {
      const auto answerer = open(candidate);
      report::ModelScores scores{candidate.label, answerer->describe(), {}};
      for (const scores::Probe& probe : probes_) {
        const scores::RunOptions options{out_.path(), candidate.label, settings_.probes.questions_per_call,
                                         common_.limit};
        predictions_[candidate.label].push_back(scores::run_probe(probe, *answerer, options));
        scores.scores.push_back(
            scores::summarise(probe, predictions_[candidate.label].back(), settings_.probes));
        files_.push_back(fs::relative(scores::predictions_path(options, probe.task), out_.path()));
      }
      report_.models.push_back(std::move(scores));
    }
    if (models_.size() == 2)
      for (std::size_t i = 0; i < probes_.size(); ++i)
        report_.comparisons.push_back(compare(probes_[i], predictions_["before"][i], predictions_["after"][i],
                                              "before", "after", settings_.probes));
  }

  void write(OutputFolder& out) {
    report_.title = settings_.title;
    report_.date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
    report_.training = training_rows(settings_);
    report_.histograms = histograms(settings_);
    report_.provenance = {
        {"film", program_.build},
        {"command", program_.command_line},
        {"tokenizer", {{"file", tokenizer_.path().filename().string()}, {"sha256", tokenizer_.sha256()}}},
        {"settings", read_json(out_.path() / "settings.json").at("settings")}};
    report::write_report(out_.path(), report_);
    files_.push_back("scores.json");
    out.finish(files_, {{"report", "report.html"}});
  }

  void print() const {
    if (common_.json)
      std::fputs(to_pretty(report::report_json(report_)).c_str(), stdout);
    else
      std::printf("%s\nreport: %s\n", report::terminal_summary(report_.models, report_.comparisons).c_str(),
                  (out_.path() / "report.html").c_str());
  }

 private:
  fs::path tokenizer_file() const {
    if (!settings_.tokenizer.empty()) return settings_.tokenizer;
    if (models_.back().folder.empty())
      throw config_error("no tokenizer given",
                         "contexts are measured in tokens: --set tokenizer=FILE of a .model");
    return models_.back().folder / "tokenizer.model";
  }

  // A model that runs here, or the one behind the endpoint, whose answers are journalled: none is paid for
  // twice.
  std::unique_ptr<scores::Answerer> open(const Candidate& candidate) {
    if (candidate.folder.empty()) {
      chat_ = engine::make_chat_endpoint(settings_.endpoint, out_.path() / "answers.jsonl");
      return std::make_unique<scores::ChatAnswerer>(*chat_, &tokenizer_);
    }
    model_ = engine::library().open_model(candidate.folder, static_cast<int>(settings_.threads));
    return std::make_unique<scores::LocalAnswerer>(*model_, tokenizer_,
                                                   text::prompt_template(settings_.prompt));
  }

  const EvalSettings& settings_;
  const CommonOptions& common_;
  const ProgramInfo& program_;
  const OutputFolder& out_;
  std::vector<Candidate> models_;
  text::Tokenizer tokenizer_;
  std::vector<scores::Probe> probes_;
  std::map<std::string, std::vector<std::vector<Prediction>>> predictions_;
  std::unique_ptr<engine::LanguageModel> model_;  // of the answerer in use
  std::unique_ptr<engine::ChatModel> chat_;
  std::vector<fs::path> files_;
  report::ReportInput report_;
};

void run_eval(const CommonOptions& common, const ProgramInfo& program) {
  EvalSettings settings;
  const Fields fields = resolve(settings, common.config, common.set);
  check(settings.probes);
  OutputFolder out({common.out, "eval", fields, program});
  out.bind_inputs(input_hashes(candidates(settings), settings, common.limit));
  if (out.finished()) {
    info(common.out.string() + " holds a finished evaluation: nothing to do");
    std::printf("report: %s\n", (common.out / "report.html").c_str());
    return;
  }
  Evaluation evaluation(settings, common, program, out);
  evaluation.ask();
  evaluation.write(out);
  evaluation.print();
}

}  // namespace

void add_eval(CLI::App& app, Run& run) {
  auto* verb = app.add_subcommand("eval", "Probe how well a model uses every position of its context");
  auto common = std::make_shared<CommonOptions>();
  add_common_options(*verb, *common);
  verb->callback(
      [common, &run] { run = [common](const ProgramInfo& program) { run_eval(*common, program); }; });
}

}  // namespace film::cli

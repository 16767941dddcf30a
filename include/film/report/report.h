#pragma once
// Scores, training metrics and data facts -> one self-contained HTML page, Markdown, JSON, and a CSV and SVG file
// for each figure. The same input gives the same bytes: nothing is read from the clock or the machine. Sections
// without data are left out. Every number and every judgement on the page comes from the input.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/records/agreement.h"
#include "film/records/length_table.h"
#include "film/records/pairs.h"
#include "film/records/samples.h"
#include "film/records/scores.h"
#include "film/records/synth_facts.h"

namespace film::report {

// counts[i] lies in [edges[i], edges[i+1]); edges has one element more.
struct Histogram {
  std::string name;   // file name of the CSV, [a-z0-9_]
  std::string title;  // "Context length"
  std::string axis;   // "tokens"
  std::string note;   // below the figure; may be empty
  std::vector<double> edges;
  std::vector<std::uint64_t> counts;
  std::vector<double> expected = {};  // drawn as a line where not empty; as many as counts
};

// Context lengths and evidence positions of a DATA folder; what is empty is left out. `folder` names it in titles and
// files where there are several.
std::vector<Histogram> data_histograms(const SynthFacts& facts, const std::string& folder = "");

struct ReportInput {
  std::string title = "film report";
  std::string subtitle;             // one sentence below the title; empty: what changed between two models
  std::string date;                 // as shown, e.g. "2025-11-23 14:05 UTC"
  std::vector<ModelScores> models;  // any number; the first is what the others are compared with
  std::vector<Comparison> comparisons;  // each other model minus the first, by task; in the order of `models`
  std::vector<PairDifference> pairs;    // of any two models, by task
  std::vector<LengthTable> lengths;     // scores by length, by model
  std::vector<Agreement> agreements;    // of a judge with people, by task
  std::vector<Json> training;           // rows of RUN/metrics.jsonl: "step", "stage", "loss", "accuracy", ...
  std::vector<Histogram> histograms;    // of the data
  std::vector<std::string> remarks;     // caveats of the whole report, shown above the figures
  std::vector<AnswerSample> samples;    // answers to be read, by task
  std::string command;                  // a line that a shell takes; may be empty
  Json provenance = Json::object();     // shown as nested tables, in the order of its keys
};

// Writes report.html, report.md, scores.tex, differences.tex where there are several models, scores.json and figures/*.csv and *.svg; returns the files written,
// relative to `folder`.
std::vector<fs::path> write_report(const fs::path& folder, const ReportInput& input);

std::string report_html(const ReportInput& input);
std::string report_markdown(const ReportInput& input);
// The averages as a LaTeX table: tasks x models, the intervals below the values, differences with a star.
std::string report_latex(const ReportInput& input);
// The differences between any two models as another.
std::string pairs_latex(const ReportInput& input);
// {"format":1,"title","models":[{"label","description","scores"}],"comparisons":[...]}: results only, without
// date and provenance, so that it has the same bytes whenever it is written.
Json report_json(const ReportInput& input);
// The other direction: title, models and comparisons of a scores.json. Throws bad_data naming the key.
ReportInput scores_of(const Json& scores, const std::string& where);

// The summary for a terminal: an aligned table with a sparkline by position (0..100 on a fixed scale).
std::string terminal_summary(const std::vector<ModelScores>& models,
                             const std::vector<Comparison>& comparisons, bool colour = false);

// A line for each of a judge's agreements with people; empty where there is none.
std::string agreement_summary(const std::vector<Agreement>& agreements);

}  // namespace film::report

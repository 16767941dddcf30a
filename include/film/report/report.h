#pragma once
// Scores, training metrics and data facts -> one self-contained HTML page, Markdown, JSON, and a CSV behind
// each figure. The same input gives the same bytes: nothing is read from the clock or the machine. Sections
// without data are left out. Every number and every judgement on the page comes from the input.
#include <string>
#include <vector>

#include "film/base/files.h"
#include "film/base/json.h"
#include "film/records/records.h"

namespace film::report {

// What one model scored. `label` names it in legends ("before", "after"), `description` below them.
struct ModelScores {
  std::string label;
  std::string description;
  std::vector<Score> scores;
};

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

// {"title","axis","edges","counts"[,"note"]}; throws bad_data.
Histogram histogram_from_json(const Json& json, const std::string& name);

// Context lengths and evidence positions of the DATA folder whose manifest.json this is; what is missing is
// left out. `prefix` keeps several folders apart.
std::vector<Histogram> data_histograms(const Json& manifest, const std::string& prefix = "");

struct ReportInput {
  std::string title = "film report";
  std::string subtitle;                 // one sentence below the title; may be empty
  std::string date;                     // as shown, e.g. "2025-11-23 14:05 UTC"; the caller's
  std::vector<ModelScores> models;      // one or two: before, after
  std::vector<Comparison> comparisons;  // after minus before, by task
  std::vector<Json> training;           // rows of RUN/metrics.jsonl: "step", "stage", "loss", "accuracy", ...
  std::vector<Histogram> histograms;    // of the data
  std::vector<std::string> remarks;     // caveats of the whole report, shown above the figures
  Json provenance = Json::object();     // shown as nested tables, in order of keys
};

// Writes report.html, report.md, scores.json and figures/*.csv; returns what was written, relative to
// `folder`.
std::vector<fs::path> write_report(const fs::path& folder, const ReportInput& input);

std::string report_html(const ReportInput& input);
std::string report_markdown(const ReportInput& input);
// {"format":1,"title","models":[{"label","description","scores"}],"comparisons":[...]}: results only, without
// date and provenance, so that it has the same bytes whenever it is written.
Json report_json(const ReportInput& input);

// The summary for a terminal: an aligned table with a sparkline by position (0..100 on a fixed scale).
std::string terminal_summary(const std::vector<ModelScores>& models,
                             const std::vector<Comparison>& comparisons, bool colour = false);

}  // namespace film::report

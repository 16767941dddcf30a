#pragma once
// A report about made-up measurements, as rich as a real one.
#include <cmath>

#include "film/report/report.h"

namespace film::report::testing {

inline Score sample_score(const std::string& task, const std::string& metric, const std::string& pattern,
                          double ends, double middle, std::uint64_t per_bin) {
  Score s;
  s.task = task;
  s.metric = metric;
  s.pattern = pattern;
  PositionCurve curve;
  double least = 100, most = 0;
  for (int b = 0; b < 10; ++b) {
    const double depth = (b + 0.5) / 10;
    const double mean =
        middle + (ends - middle) * std::pow(std::abs(2 * depth - 1), 2) + (b * 7 % 5 - 2) * 0.4;
    const double clipped = std::min(100.0, std::max(0.0, mean));
    const double half =
        196 * std::sqrt((clipped / 100 * (1 - clipped / 100) + 0.01) / static_cast<double>(per_bin));
    curve.positions.push_back({b / 10.0, (b + 1) / 10.0, per_bin, clipped, std::max(0.0, clipped - half),
                               std::min(100.0, clipped + half)});
    s.average += clipped / 10;
    least = std::min(least, clipped);
    most = std::max(most, clipped);
  }
  s.count = per_bin * 10;
  s.low = s.average - 1.5;
  s.high = s.average + 1.5;
  curve.gap = most - least;
  s.curve = std::move(curve);
  s.notes = {{"interval", metric == "word recall" ? "bootstrap" : "Wilson"},
             {"gap_by_chance", {{"mean", 4.2}, {"high", 7.9}}},
             {"left_out", {{"ambiguous", 3}}}};
  return s;
}

inline std::vector<LengthScores> sample_lengths(double best) {
  std::vector<LengthScores> rows;
  for (std::uint32_t r = 0; r < 3; ++r) {
    rows.push_back({8 + 8 * r, 15 + 8 * r, {}});
    for (int b = 0; b < 5; ++b)
      rows[r].positions.push_back({b / 5.0, (b + 1) / 5.0, r == 2 && b == 3 ? 6u : 40u,
                                   std::max(0.0, best - 12.0 * r - 14.0 * (2 - std::abs(b - 2))), 0, 100});
  }
  return rows;
}

inline std::vector<AnswerSample> sample_answers() {
  std::vector<AnswerSample> list;
  for (const char* task : {"in2", "code"})
    for (const bool right : {false, false, true}) {
      Prediction p{task, "00007-003",      right ? "heron" : "stork", "heron", EvidenceSlot{3, 40},
                   {},   right ? 1.0 : 0.0};
      list.push_back({"after",
                      "Which bird is the secret bird?",
                      p,
                      {{"The tide was low, and the boats lay on their sides in the mud of the harbour.",
                        false, false, 0},
                       {"", false, false, 1},
                       {"Nobody had mended the nets.", false, false, 0},
                       {"The secret bird is heron.", true, false, 0},
                       {"It rained until noon.", false, false, 0},
                       {"", false, false, 33},
                       {"The secret guest is stork.", false, !right, 0},
                       {"Then they went home.", false, false, 0}}});
    }
  return list;
}

inline Comparison sample_comparison(const Score& before, const Score& after,
                                    const std::string& before_label = "before",
                                    const std::string& after_label = "after") {
  Comparison c;
  c.task = before.task;
  c.metric = before.metric;
  c.before = before_label;
  c.after = after_label;
  c.count = before.count;
  c.better = 412;
  c.worse = 9;
  c.difference = after.average - before.average;
  c.low = c.difference - 2.25;
  c.high = c.difference + 2.25;
  if (!before.curve) return c;
  const double gap = after.curve->gap - before.curve->gap;
  c.curve = {gap, gap - 5, gap + 5, {}};
  for (std::size_t b = 0; b < before.curve->positions.size(); ++b) {
    PositionScore p = after.curve->positions[b];
    p.mean -= before.curve->positions[b].mean;
    p.low = p.mean - 6;
    p.high = p.mean + 6;
    c.curve->positions.push_back(p);
  }
  return c;
}

inline std::vector<Json> sample_training() {
  std::vector<Json> rows;
  for (int step = 1; step <= 700; ++step) {
    const int stage = step <= 180 ? 1 : step <= 300 ? 2 : step <= 420 ? 3 : step <= 560 ? 4 : 5;
    const double noise = (step * 7919 % 101) / 101.0 - 0.5;
    const double loss = 3.4 * std::exp(-step / 140.0) + 0.12 + 0.25 * noise * std::exp(-step / 300.0);
    rows.push_back({{"step", step},
                    {"stage", "stage " + std::to_string(stage)},
                    {"loss", loss},
                    {"accuracy", std::min(1.0, std::max(0.0, 1 - std::exp(-step / 160.0) + 0.05 * noise))},
                    {"learning_rate",
                     stage < 5 ? 5e-3 : 5e-3 * (0.525 + 0.475 * std::cos(3.14159 * (step - 560) / 140.0))},
                    {"gradient_norm", 0.8 + 0.6 * noise},
                    {"tokens_per_second", 41000 + 9000 * noise}});
  }
  return rows;
}

inline ReportInput sample_report() {
  ReportInput input;
  input.title = "IN2 training of a small model, before and after";
  input.subtitle = "Made-up numbers that show what a report looks like.";
  input.date = "2025-01-02 03:04 UTC";
  input.models = {{"before", "fresh weights, 2 layers, width 64, 2.15 M parameters, fp32 on CPU", {}},
                  {"after", "checkpoint step-00000700, same model", {}}};
  const struct {
    const char *task, *metric, *pattern;
    double e0, m0, e1, m1;
    std::uint64_t n;
  } rows[] = {{"in2", "exact match", "", 61, 18, 98, 97, 128},
              {"document", "word recall", "bi-directional", 22, 12, 29, 25, 80},
              {"code", "name", "backward", 30, 2, 82, 64, 80},
              {"database", "any of", "forward", 3, 0.5, 4, 1, 75}};
  for (const auto& r : rows) {
    input.models[0].scores.push_back(sample_score(r.task, r.metric, r.pattern, r.e0, r.m0, r.n));
    input.models[1].scores.push_back(sample_score(r.task, r.metric, r.pattern, r.e1, r.m1, r.n));
    input.comparisons.push_back(
        sample_comparison(input.models[0].scores.back(), input.models[1].scores.back()));
  }
  for (ModelScores& model : input.models) {
    model.scores[0].notes["remark"] =
        "Extractive questions about planted records; held-out text, not held-out words.";
    model.scores[3].notes["remark"] = "A model of this size was not trained for this probe.";
  }
  input.models[0].origin = ModelOrigin{"runs/sample/run/start", {}, std::string(64, 'b')};
  input.models[1].origin =
      ModelOrigin{"runs/sample/run/checkpoints/step-00000700", 700, std::string(64, 'c')};
  input.models[0].scores[0].by_length = sample_lengths(60);
  input.models[1].scores[0].by_length = sample_lengths(99);
  input.models[1].scores[2].notes["answers"] = {{"cut", 12}, {"refused", 3}};
  input.samples = sample_answers();
  input.command = "film eval runs/sample/run --data 'my data' --out report";
  input.training = sample_training();
  input.histograms = {{"context_length", "Context length", "tokens", "Target 384 to 512 tokens.", {}, {}, {}},
                      {"evidence_slot",
                       "Evidence position",
                       "% of the context's slots",
                       "Dashed: every slot equally likely.",
                       {},
                       {},
                       std::vector<double>(10, 1250)}};
  for (int i = 0; i <= 16; ++i) input.histograms[0].edges.push_back(384 + 8 * i);
  for (int i = 0; i < 16; ++i)
    input.histograms[0].counts.push_back(static_cast<std::uint64_t>(520 + i * 37 % 71));
  for (int i = 0; i <= 10; ++i) input.histograms[1].edges.push_back(10 * i);
  for (int i = 0; i < 10; ++i)
    input.histograms[1].counts.push_back(static_cast<std::uint64_t>(1210 + i * 53 % 90));
  input.remarks = {
      "The answers are single words copied from the context: this shows that the pipeline learns, not how a "
      "large model would fare."};
  input.provenance = {
      {"tokenizer sha256", "dadfd56d766715c61d2ef780a525ab43b8e6da4de6865bda3d95fdef5e134055"},
      {"build", {{"version", "0.1.0"}, {"revision", "6ffc304"}, {"compiler", "GNU 12.2.0"}}},
      {"settings", {{"seed", 1}, {"bins", 10}, {"document", {{"context_tokens", 512}, {"items", 800}}}}}};
  return input;
}

// Models of two probes and two benchmarks, compared with the first.
inline ReportInput sample_of_many(std::size_t models) {
  ReportInput input = sample_report();
  input.models.clear();
  input.comparisons.clear();
  input.title = "Several models compared";
  constexpr const char* kLabels[] = {"base",  "film-7b", "mistral-v0.2", "a-server",
                                     "fifth", "sixth",   "seventh",      "eighth"};
  for (std::size_t m = 0; m < models; ++m) {
    const double better = 10.0 * static_cast<double>(m);
    ModelScores model{kLabels[m], "made-up model number " + std::to_string(m + 1), {}};
    model.scores.push_back(sample_score("in2", "exact match", "", 52 + better, 12 + 2 * better, 128));
    model.scores.push_back(sample_score("code", "name", "backward", 30 + better, 2 + better, 80));
    for (const char* task : {"multi_hop", "reading_choices"}) {
      Score plain = sample_score(task, "F1", "", 40 + better, 30 + better, 20);
      plain.curve.reset();
      plain.notes = {{"interval", "bootstrap"}, {"questions", 200}};
      model.scores.push_back(plain);
    }
    input.models.push_back(model);
  }
  for (std::size_t s = 0; s < input.models[0].scores.size(); ++s)
    for (std::size_t m = 1; m < models; ++m)
      input.comparisons.push_back(sample_comparison(input.models[0].scores[s], input.models[m].scores[s],
                                                    input.models[0].label, input.models[m].label));
  return input;
}

}  // namespace film::report::testing

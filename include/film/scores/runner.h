#pragma once
// Asks a model every question of a probe and writes EVAL/predictions/<task>[.<label>].jsonl as it goes.
// Stopped at any point, the same call goes on; the finished file has the same bytes however often it was
// stopped.
#include <cstdint>
#include <string>
#include <vector>

#include "film/answers/answerer.h"
#include "film/base/files.h"
#include "film/records/records.h"
#include "film/scores/probe.h"

namespace film::scores {

struct RunOptions {
  fs::path folder;    // EVAL
  std::string label;  // of the model, e.g. "before"; may be empty; [A-Za-z0-9_.-]
  std::uint32_t questions_per_call = 256;
  std::uint64_t limit = 0;  // first questions only; 0 = all
};

fs::path predictions_path(const RunOptions& options, const std::string& task);

// Items already in the file are not asked again (their score is computed anew). Throws config_error if the
// file holds items that are not this probe's; stopped when a signal asked for it.
std::vector<Prediction> run_probe(const Probe& probe, answers::Answerer& model, const RunOptions& options);

// A finished file again, scored by the probe's metric, in item order; throws no_input, bad_data.
std::vector<Prediction> read_predictions(const Probe& probe, const fs::path& path);

}  // namespace film::scores

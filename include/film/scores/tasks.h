#pragma once
// The table of probes. Adding one = one source with a builder, one row in src/scores/tasks.cpp, one test.
#include <string>
#include <vector>

#include "film/records/records.h"
#include "film/scores/probe.h"
#include "film/scores/settings.h"

namespace film::scores {

// A held-out example with its context made real, passed in by `cli` (which alone sees the contexts room).
struct HeldOut {
  Example example;
  std::uint32_t segments = 0;       // in the context; evidence slots count up to it
  std::vector<std::string> pieces;  // segment texts; may be empty where ids are given
  text::TokenIds ids;               // may be empty where pieces are given
};

struct TaskInput {
  const ProbeSettings& settings;
  LineTokens tokens;                   // may be empty for tasks that need no source material (in2)
  std::vector<HeldOut> held_out = {};  // for tasks with needs_data
};

struct Task {
  const char* name;
  const char* help;  // one line
  const char* metric;
  const char* pattern;
  bool needs_data;                         // wants TaskInput::held_out
  Probe (*build)(const TaskInput& input);  // deterministic by settings.seed
};

const std::vector<Task>& tasks();
// Throws config_error naming the known ones.
const Task& find_task(const std::string& name);
// Builds the probe and fills in task, metric and pattern. Throws no_input (no source), bad_data (unusable
// source), config_error (a context too short for a single question).
Probe build_probe(const Task& task, const TaskInput& input);

}  // namespace film::scores

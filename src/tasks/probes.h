#pragma once
// The table of probes. Each has its builder in a source file of its name.
#include <string>
#include <vector>

#include "film/tasks/build.h"

namespace film::tasks {

struct Probe {
  const char* name;
  const char* metric;   // a row of scores::metrics()
  const char* pattern;  // Task::pattern
  bool needs_data;      // wants BuildInput::held_out, else BuildInput::tokens
  Task (*build)(const BuildInput& input);
};

const std::vector<Probe>& probes();
const Probe* find_probe(const std::string& name);  // nullptr if it is none

Task build_in2(const BuildInput& input);
Task build_document(const BuildInput& input);
Task build_code(const BuildInput& input);
Task build_database(const BuildInput& input);

}  // namespace film::tasks

#pragma once
// The table of probes. Each has its builder in a source file of its name.
#include <string>
#include <vector>

#include "film/tasks/build.h"

namespace film::tasks {

struct Probe {
  const char* name;
  const char* metric;   // a row of scores::metrics(), where the task says none itself
  const char* pattern;  // Task::pattern
  bool measures;        // wants BuildInput::tokens
  bool (*needs_data)(const Settings& settings);  // whether it wants BuildInput::held_out; nullptr: never
  Task (*build)(const BuildInput& input);
};

const std::vector<Probe>& probes();
const Probe* find_probe(const std::string& name);  // nullptr if it is none

// Nothing is to be written: the reference answer is rated. Sets mode, metric and choices.
void rate_answers(Task& task);

Task build_in2(const BuildInput& input);
Task build_document(const BuildInput& input);
Task build_code(const BuildInput& input);
Task build_database(const BuildInput& input);
Task build_factorial(const BuildInput& input);
Task build_unanswerable(const BuildInput& input);

}  // namespace film::tasks

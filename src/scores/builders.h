#pragma once
// One builder per probe, each in its own source file; the table of them is tasks.cpp.
#include "film/scores/tasks.h"

namespace film::scores {

Probe build_in2(const TaskInput& input);
Probe build_document(const TaskInput& input);
Probe build_code(const TaskInput& input);
Probe build_database(const TaskInput& input);

}  // namespace film::scores

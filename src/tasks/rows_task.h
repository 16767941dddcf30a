#pragma once
// Task files: rows of data and a prompt -> questions.
#include "film/tasks/build.h"
#include "spec.h"

namespace film::tasks {

Task build_rows_task(const TaskSpec& spec, const BuildInput& input);

}  // namespace film::tasks

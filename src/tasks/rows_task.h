#pragma once
// Task files: rows of data and a prompt -> questions.
#include "film/tasks/build.h"
#include "spec.h"

namespace film::tasks {

// `file` of a task file: as it is if absolute, else in `folder` (the setting task_data), else beside the task file.
// Throws no_input naming both places.
fs::path data_file(const TaskSpec& spec, const std::string& file, const std::string& folder);

Task build_rows_task(const TaskSpec& spec, const BuildInput& input);

}  // namespace film::tasks

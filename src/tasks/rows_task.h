#pragma once
// Task files: rows of data and a prompt -> questions.
#include "film/tasks/build.h"
#include "spec.h"

namespace film::tasks {

// `file` of a task file: as it is if absolute, else in `folder` (the setting task_data), else beside the task file.
// Throws no_input naming both places.
fs::path data_file(const TaskSpec& spec, const std::string& file, const std::string& folder);

// Whether the data is read even where outputs bring the reference answers: it has further ones, or positions and is there.
bool reads_data_anyway(const TaskSpec& spec, const std::string& folder);

Task build_rows_task(const TaskSpec& spec, const BuildInput& input);

}  // namespace film::tasks

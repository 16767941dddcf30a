#pragma once
// Where the files are that a task file names.
#include <string>
#include <vector>

#include "rows.h"
#include "spec.h"

namespace film::tasks {

// `file` of a task file: as it is if absolute, else in `folder` (the setting task_data), else beside the task file.
// Throws no_input naming both places.
fs::path data_file(const TaskSpec& spec, const std::string& file, const std::string& folder);

// The same of its data. Of a benchmark of lengths, where `folder` has no such file, those in its folders that are called by a
// length (8192/vt.jsonl), the shortest first; the one beside the task file is the last choice.
std::vector<DataFile> data_files(const TaskSpec& spec, const std::string& folder);

// Whether the data is read even where outputs bring the reference answers: it has further ones, or positions and is there.
bool reads_data_anyway(const TaskSpec& spec, const std::string& folder);

}  // namespace film::tasks

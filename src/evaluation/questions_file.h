#pragma once
// The questions of tasks as a file, for those who ask elsewhere or train on questions of this form.
#include <vector>

#include "predictions.h"

namespace film::evaluation {

// Writes FILE, a row for every question in the order of asking (docs/formats.md, "Questions of film eval"), and returns how
// many; options.limit counts. The ids are those that outputs made elsewhere are matched by.
std::uint64_t write_task_questions(const std::vector<tasks::Task>& tasks, const RunOptions& options,
                                   const fs::path& file);

}  // namespace film::evaluation

#pragma once
// Private to the module: what film check looks at in one folder of each kind. Each adds to holds, notes and faults.
#include <functional>

#include "film/base/manifest.h"
#include "film/folders/check.h"

namespace film::folders {

void check_data(FolderCheck& check);
void check_questions(FolderCheck& check);
void check_run(FolderCheck& check);
void check_evaluation(FolderCheck& check);
void check_report(FolderCheck& check);
void check_export(FolderCheck& check);
void check_benchmark(FolderCheck& check);
void check_model(FolderCheck& check);

// Runs `part`; what it finds damaged or missing is a fault. Whether it came to its end.
bool attempt(FolderCheck& check, const std::function<void()>& part);
// Compares every file of a manifest. Whether all are as they were written.
bool check_files(FolderCheck& check, const Manifest& manifest);
// A fault where two counts differ: "manifest.json says 60 contexts, contexts/*.jsonl hold 59".
void check_count(FolderCheck& check, const std::string& what, std::uint64_t said, std::uint64_t found);
// A fault where `file` is another one than it was; a note where it is gone. `what` begins the sentence.
void check_input(FolderCheck& check, const std::string& what, const fs::path& file,
                 const std::string& sha256);
// The inputs that settings.json knows by hash and place: manifests of DATA and questions, and the tokenizer.
void check_recorded_inputs(FolderCheck& check);

}  // namespace film::folders

#pragma once
// Private to the room: the two files of questions, written in the order of the contexts.
#include "film/base/files.h"
#include "film/questions/writer.h"

namespace film::questions {

// A context and what became of its questions.
struct Asked {
  Context context;
  WrittenQuestions written;
};

class QaFiles {
 public:
  explicit QaFiles(const fs::path& out);
  void write(Asked asked);
  void reject(const Json& record);  // one that belongs to no context
  // Commits both; their names relative to the folder.
  std::vector<fs::path> finish();

 private:
  AtomicFile examples_, rejected_;
  std::uint64_t examples_written_ = 0;
};

}  // namespace film::questions

#pragma once
// The files of DATA/questions, written in the order of the contexts and counted on the way.
#include <filesystem>
#include <string>
#include <vector>

#include "film/base/files.h"
#include "tally.h"
#include "twins.h"
#include "written.h"

namespace film::questions {

// A row of an imported file that belongs to no context.
struct RejectedRow {
  std::string where;  // "questions.csv:12"
  RejectReason reason = RejectReason::bad_utf8;
  std::string detail;  // for people
  std::string question, answer;
};

class QuestionFiles {
 public:
  // `twins`: asked about behind the contexts that they are of; keeps it.
  explicit QuestionFiles(fs::path folder, Twins* twins = nullptr);
  void write(const Context& context, WrittenQuestions written);
  void reject(const RejectedRow& row);

  const fs::path& folder() const { return folder_; }
  const Tally& tally() const { return tally_; }
  // Commits both files; their names relative to the folder.
  std::vector<fs::path> finish();

 private:
  void write_example(const Context& context, std::vector<Question> questions);

  fs::path folder_;
  Twins* twins_;
  AtomicFile examples_, rejected_;
  std::uint64_t examples_written_ = 0;
  Tally tally_;
};

}  // namespace film::questions

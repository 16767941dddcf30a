#pragma once
// Rows of source material that cannot be used: counted by reason, the first ones named. One tolerance for all tasks.
#include <string>

#include "film/base/error.h"
#include "film/base/json.h"
#include "film/sources/reject_tally.h"
#include "film/sources/rows.h"

namespace film::tasks {

class OddRows {
 public:
  explicit OddRows(std::string setting) : setting_(std::move(setting)) {}

  void count(const sources::Row& row, const std::vector<sources::SourceFile>& files);
  void count(const std::string& reason, const std::string& where, const std::string& detail = "");

  // Adds the counts to notes["left_out"], and says in the log what they are.
  void note(Json& notes) const;
  // For material without a single usable row: what was wrong with the first.
  Error nothing_usable(const std::string& what) const;

 private:
  std::string setting_;  // names the material in messages
  sources::RejectTally tally_;
  std::string first_;  // "file:line: reason: detail"
};

}  // namespace film::tasks

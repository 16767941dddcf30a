#include "odd_rows.h"

#include "film/base/format.h"
#include "film/base/log.h"

namespace film::tasks {

void OddRows::count(const sources::Row& row, const std::vector<sources::SourceFile>& files) {
  count(name_of(*row.fault), sources::where(row, files), row.detail);
}

void OddRows::count(const std::string& reason, const std::string& where, const std::string& detail) {
  if (tally_.empty()) first_ = where + ": " + reason + (detail.empty() ? "" : ": " + detail);
  tally_.count(reason, where);
}

void OddRows::note(Json& notes) const {
  if (tally_.empty()) return;
  for (const auto& [reason, count] : tally_.by_reason()) notes["left_out"][reason] = count;
  warn(setting_ + ": " + counted(tally_.total(), "row") + " left out (" + tally_.text() + "), the first at " +
       first_);
}

Error OddRows::nothing_usable(const std::string& what) const {
  if (tally_.empty()) return no_input(setting_ + ": " + what);
  return bad_data(setting_ + ": " + what + " (left out: " + tally_.text() + ")", "the first: " + first_);
}

}  // namespace film::tasks

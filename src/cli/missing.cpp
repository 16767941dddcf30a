#include "missing.h"

#include "film/base/error.h"

namespace film::cli {

void require_all(const std::string& command, const std::vector<Need>& needs) {
  std::string missing, line = "film " + command;
  for (const Need& need : needs) {
    if (!need.words.empty()) line += " " + need.words;
    if (!need.there) missing += "\n  " + need.what;
  }
  if (missing.empty()) return;
  throw usage_error("film " + command + " needs" + missing,
                    "for example: " + line + "\n  all options: film help " + command);
}

}  // namespace film::cli

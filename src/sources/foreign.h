#pragma once
// Private to the module: kinds of files that are not read, by name, with what makes text of them.
#include <optional>
#include <string>

#include "film/base/files.h"

namespace film::sources {

struct Foreign {
  std::string name;     // "PDF"
  std::string way_out;  // a command line with the file's name in it, or a sentence; empty: it holds no text
};

// What the content of a file says that it is, if that is something else than text or rows. A readable file.
std::optional<Foreign> foreign_by_content(const fs::path& path);

// The same by its ending, for files whose content is text: HTML, RTF, XML.
std::optional<Foreign> foreign_by_ending(const fs::path& path);

}  // namespace film::sources

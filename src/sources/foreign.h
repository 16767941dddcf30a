#pragma once
// Private to the module: kinds of files that are not read, by name, with what makes text of them.
#include <optional>
#include <string>

#include "film/base/files.h"
#include "film/sources/files.h"

namespace film::sources {

struct Foreign {
  std::string name;     // "PDF"
  std::string way_out;  // a command line with the file's name in it, or a sentence; empty: it holds no text
};

// What the content of a file says that it is, if that is something else than text or rows. A readable file. `filter` is
// whose it is not: a PDF is foreign to one that takes PDF where the program that reads it is missing.
std::optional<Foreign> foreign_by_content(const fs::path& path, const FileFilter& filter);

// Of the kinds that are documents with marks, what the content says that a file is: epub, docx, odt, pdf.
std::optional<FileKind> document_by_content(const fs::path& path);

// The same by its ending, for files whose content is text.
std::optional<Foreign> foreign_by_ending(const fs::path& path);

}  // namespace film::sources

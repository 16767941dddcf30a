#pragma once
// Private to the module: what kind of file a name and a beginning tell of.
#include <optional>
#include <string>

#include "film/sources/files.h"

namespace film::sources {

// By its ending, if the filter has it.
std::optional<FileKind> kind_by_name(const std::string& name, const FileFilter& filter);

// The kind of a file that is no text, by its content: html, epub, docx, odt, pdf; if the filter takes it and film can read
// it here (a PDF needs pdftotext).
std::optional<FileKind> kind_by_content(const fs::path& path, const FileFilter& filter);

// By the content, else by the ending, else by the first bytes; the kind is one that the filter takes, whatever the file holds.
FileKind kind_of_file(const fs::path& path, const FileFilter& filter);

}  // namespace film::sources

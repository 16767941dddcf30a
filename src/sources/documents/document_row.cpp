// The row of a file that holds one document.
#include <simdjson.h>

#include "../readers.h"
#include "document.h"
#include "film/base/error.h"

namespace film::sources {
namespace {

DocumentText read_document(const SourceFile& file) {
  switch (file.kind) {
    case FileKind::html:
      return read_html(file);
    case FileKind::epub:
      return read_epub(file);
    case FileKind::docx:
      return read_docx(file);
    case FileKind::odt:
      return read_odt(file);
    case FileKind::pdf:
      return read_pdf(file);
    default:
      throw internal_error("a kind of document without a reader");
  }
}

Cell cell_of(std::string text) { return {true, true, std::move(text), {}}; }

}  // namespace

Row document_row(const SourceFile& file, std::size_t number, const Columns& columns) {
  try {
    DocumentText read = read_document(file);
    if (!simdjson::validate_utf8(read.text)) throw Unreadable{RowFault::bad_utf8, "its text is not UTF-8"};
    Row row;
    row.file = number;
    row.cells.resize(columns.columns.size());
    row.cells.front() = cell_of(std::move(read.text));
    for (std::size_t i = 1; i < row.cells.size(); ++i)
      if (columns.columns[i].name == "title" && !read.title.empty()) row.cells[i] = cell_of(read.title);
    row.notes = std::move(read.notes);
    return row;
  } catch (const Unreadable& failure) {
    return faulty(number, 0, failure.fault, failure.detail);
  }
}

}  // namespace film::sources

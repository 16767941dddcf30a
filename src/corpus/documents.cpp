#include "documents.h"

#include "film/base/strings.h"

namespace film::corpus {
namespace {

using sources::Cell;
using sources::CellType;
using sources::Row;
using sources::RowFault;

constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581, SentencePiece's own sign for a space

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

// The text first, then the fields that may hold a title.
sources::Columns columns_of(const CorpusSettings& settings) {
  sources::Columns columns{{{settings.text_field, CellType::string}}};
  for (const std::string& field : settings.title_fields)
    columns.columns.push_back({field, CellType::any, false});
  return columns;
}

std::string reason_of(RowFault fault) {
  if (fault == RowFault::missing || fault == RowFault::missing_column) return "no_text_field";
  if (fault == RowFault::wrong_type) return "text_not_a_string";
  return name_of(fault);
}

Document document_of(Row row, const std::vector<sources::SourceFile>& files) {
  Document document;
  document.text = clean_text(std::move(row.cells[0].text));
  document.source = files[row.file].name;
  document.line = row.line;
  for (std::size_t i = 1; i < row.cells.size() && document.title.empty(); ++i)
    if (row.cells[i].is_string) document.title = std::move(row.cells[i].text);
  return document;
}

}  // namespace

Documents read_documents(const sources::Batch& batch, const std::vector<sources::SourceFile>& files,
                         const CorpusSettings& settings) {
  Documents read;
  std::size_t number = 0;
  for (Row& row : batch.parse(columns_of(settings))) {
    const std::size_t own = number++;
    const std::size_t file = row.file;
    const std::uint64_t line = row.line;
    const auto where = [&] { return sources::where(files[file].name, line); };
    if (row.fault) {
      read.rejected.push_back({file, where(), reason_of(*row.fault), std::move(row.detail), own});
      continue;
    }
    const std::set<sources::RowNote> notes = std::move(row.notes);
    Document document = document_of(std::move(row), files);
    if (document.text.empty()) {
      read.rejected.push_back({file, where(), name_of(RowFault::empty), "", own});
      continue;
    }
    for (const sources::RowNote note : notes) ++read.noted[name_of(note)];
    if (document.text.find(kSpaceMark) != std::string::npos) ++read.noted[kSpaceMarkNote];
    read.documents.push_back(std::move(document));
    read.files.push_back(file);
    read.rows.push_back(own);
  }
  return read;
}

std::string clean_text(std::string text) {
  std::string lines = text.find('\r') == std::string::npos ? std::move(text) : with_line_feeds(text);
  if (without_byte_order_mark(lines).size() < lines.size()) lines.erase(0, 3);
  for (std::size_t at = 0; (at = lines.find("\n\xEF\xBB\xBF", at)) != std::string::npos;)
    lines.erase(at + 1, 3);
  std::size_t begin = 0;  // of the first line that is not blank
  for (std::size_t i = 0; i < lines.size() && (is_blank(lines[i]) || lines[i] == '\n'); ++i)
    if (lines[i] == '\n') begin = i + 1;
  std::size_t end = lines.size();
  while (end > begin && (is_blank(lines[end - 1]) || lines[end - 1] == '\n')) --end;
  lines.erase(end);
  lines.erase(0, begin);
  return lines;
}

}  // namespace film::corpus

// CSV and TSV: the first record names the columns.
#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "film/base/csv.h"
#include "film/base/git_lfs.h"
#include "film/base/strings.h"
#include "readers.h"

namespace film::sources {
namespace {

using Cells = std::vector<std::string>;

// Where the columns asked for are in a file's records.
struct Mapping {
  std::vector<std::size_t> cell_of;  // of each column; npos: not in this file
  std::optional<RowFault> fault;
  std::string detail;
};

Mapping map_columns(const Columns& columns, const Cells& header) {
  Mapping mapping;
  mapping.cell_of.assign(columns.columns.size(), std::string::npos);
  const auto refuse = [&](RowFault fault, const std::string& name, const char* what) {
    mapping.fault = fault;
    mapping.detail = "column \"" + name + "\" " + what + "; the header names " + join(header, ", ");
  };
  for (std::size_t cell = 0; cell < header.size(); ++cell) {
    const std::size_t i = find_column(columns, header[cell]);
    if (i == std::string::npos) continue;
    if (mapping.cell_of[i] != std::string::npos)
      refuse(RowFault::duplicate_key, header[cell], "is there twice");
    mapping.cell_of[i] = cell;
  }
  for (std::size_t i = 0; i < columns.columns.size(); ++i)
    if (columns.columns[i].required && mapping.cell_of[i] == std::string::npos)
      refuse(RowFault::missing_column, columns.columns[i].name, "is missing");
  return mapping;
}

struct Record {
  std::uint64_t line = 0;
  Cells cells;
};

class CsvBatch : public Batch {
 public:
  CsvBatch(const SourceFile& source, std::size_t file, const Cells& header, bool first)
      : source_(source), file_(file), header_(header), first_(first) {}

  void add(Record record) { records_.push_back(std::move(record)); }

  std::vector<Row> parse(const Columns& columns) const override {
    const Mapping mapping = map_columns(columns, header_);
    if (mapping.fault) {  // a fault of the file, told once
      if (!first_) return {};
      return {faulty(file_, 1, *mapping.fault, mapping.detail)};
    }
    std::vector<Row> rows;
    EncodingAdvice advice(source_);
    for (const Record& record : records_) rows.push_back(row_of(record, columns, mapping, advice));
    return rows;
  }

 private:
  // Spreadsheets leave blank cells out at the end of a row, and write some behind it.
  Row row_of(const Record& record, const Columns& columns, const Mapping& mapping,
             EncodingAdvice& advice) const {
    const Cells& cells = record.cells;
    if (std::ranges::all_of(cells, is_blank)) return faulty(file_, record.line, RowFault::empty);
    if (cells.size() > header_.size() && !std::all_of(cells.begin() + header_size(), cells.end(), is_blank))
      return wrong_count(record, "; a cell that holds the delimiter must be in quotes");
    Row row;
    row.file = file_;
    row.line = record.line;
    row.cells.resize(columns.columns.size());
    for (std::size_t i = 0; i < columns.columns.size(); ++i) {
      const std::size_t at = mapping.cell_of[i];
      if (at == std::string::npos) continue;
      if (at >= cells.size() && columns.columns[i].required) return wrong_count(record, "");
      const std::string& text = at < cells.size() ? cells[at] : kLeftOut;
      if (text.size() >= kLargestRow) return faulty(file_, record.line, RowFault::too_large);
      if (!simdjson::validate_utf8(text))
        return faulty(file_, record.line, RowFault::bad_utf8, advice.text());
      fill(row.cells[i], text, columns.columns[i].type);
    }
    return row;
  }

  static inline const std::string kLeftOut = {};
  static bool is_blank(const std::string& cell) { return trim(cell).empty(); }
  std::ptrdiff_t header_size() const { return static_cast<std::ptrdiff_t>(header_.size()); }

  Row wrong_count(const Record& record, const std::string& advice) const {
    return faulty(file_, record.line, RowFault::cell_count,
                  std::to_string(record.cells.size()) + " cells where the header names " +
                      std::to_string(header_.size()) + advice);
  }

  static void fill(Cell& cell, const std::string& text, CellType type) {
    cell.present = cell.is_string = true;
    if (type == CellType::list)
      cell.list.push_back(text);
    else
      cell.text = text;
  }

  const SourceFile& source_;
  std::size_t file_;
  Cells header_;
  bool first_;
  std::vector<Record> records_;
};

// How a file's cells are parted, and whether its first line does nothing but say so.
struct Form {
  char delimiter = ',';
  bool named = false;
};

Form form_of(const SourceFile& file) {
  std::string first;
  LineReader lines(file.path, LineFile::user);
  while (lines.next(first) && trim(without_byte_order_mark(first)).empty()) {
  }
  if (is_lfs_pointer(first)) throw lfs_pointer_error(file.path.string());
  if (const std::optional<char> named = csv_separator_line(first)) return {*named, true};
  return {file.kind == FileKind::tsv ? '\t' : csv_delimiter(first), false};
}

Cells names_of(const Cells& cells) {
  Cells names;
  for (const std::string& cell : cells) names.emplace_back(trim(without_byte_order_mark(cell)));
  return names;
}

bool is_blank_record(const Cells& cells) { return cells.size() == 1 && trim(cells[0]).empty(); }

class CsvRowReader : public RowReader {
 public:
  CsvRowReader(const SourceFile& file, std::size_t number) : CsvRowReader(file, number, form_of(file)) {}

  std::unique_ptr<Batch> next() override {
    auto batch = std::make_unique<CsvBatch>(file_, number_, header_, first_);
    std::size_t size = 0;
    while (size < kBatchBytes) {
      Record record;
      ended_ = ended_ || !records_.next(record.cells);
      if (ended_) break;
      record.line = records_.line();
      for (const std::string& cell : record.cells) size += cell.size() + 1;
      if (!is_header_again(record.cells)) batch->add(std::move(record));
    }
    if (size == 0 && !first_) return nullptr;
    first_ = false;
    batch->bytes = bytes_on_disk_.take(size, ended_);
    return batch;
  }

 private:
  CsvRowReader(const SourceFile& file, std::size_t number, const Form& form)
      : file_(file), number_(number), records_(file.path, form.delimiter), bytes_on_disk_(file) {
    Cells cells;
    bool separator = form.named;
    while (records_.next(cells) && (is_blank_record(cells) || std::exchange(separator, false))) {
    }
    header_ = names_of(cells);
  }

  // Files that were joined, each with its header, and maybe a byte order mark.
  bool is_header_again(const Cells& cells) const {
    return header_.size() > 1 && cells.size() == header_.size() && names_of(cells) == header_;
  }

  const SourceFile& file_;
  std::size_t number_;
  CsvReader records_;
  BytesOnDisk bytes_on_disk_;
  Cells header_;
  bool first_ = true, ended_ = false;
};

}  // namespace

std::unique_ptr<RowReader> open_csv_rows(const SourceFile& file, std::size_t number) {
  return std::make_unique<CsvRowReader>(file, number);
}

}  // namespace film::sources

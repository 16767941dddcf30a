// CSV and TSV: the first record names the columns.
#include <simdjson.h>

#include <algorithm>

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
  CsvBatch(std::size_t file, const Cells& header, bool first) : file_(file), header_(header), first_(first) {}

  void add(Record record) { records_.push_back(std::move(record)); }

  std::vector<Row> parse(const Columns& columns) const override {
    const Mapping mapping = map_columns(columns, header_);
    if (mapping.fault) {  // a fault of the file, told once
      if (!first_) return {};
      return {faulty(file_, 1, *mapping.fault, mapping.detail)};
    }
    std::vector<Row> rows;
    for (const Record& record : records_) rows.push_back(row_of(record, columns, mapping));
    return rows;
  }

 private:
  Row row_of(const Record& record, const Columns& columns, const Mapping& mapping) const {
    const Cells& cells = record.cells;
    if (cells.size() == 1 && trim(cells[0]).empty()) return faulty(file_, record.line, RowFault::empty);
    if (cells.size() != header_.size())
      return faulty(
          file_, record.line, RowFault::cell_count,
          std::to_string(cells.size()) + " cells where the header names " + std::to_string(header_.size()));
    Row row;
    row.file = file_;
    row.line = record.line;
    row.cells.resize(columns.columns.size());
    for (std::size_t i = 0; i < columns.columns.size(); ++i) {
      if (mapping.cell_of[i] == std::string::npos) continue;
      const std::string& text = cells[mapping.cell_of[i]];
      if (text.size() >= kLargestRow) return faulty(file_, record.line, RowFault::too_large);
      if (!simdjson::validate_utf8(text))
        return faulty(file_, record.line, RowFault::bad_utf8, "save the file as UTF-8");
      fill(row.cells[i], text, columns.columns[i].type);
    }
    return row;
  }

  static void fill(Cell& cell, const std::string& text, CellType type) {
    cell.present = cell.is_string = true;
    if (type == CellType::list)
      cell.list.push_back(text);
    else
      cell.text = text;
  }

  std::size_t file_;
  Cells header_;
  bool first_;
  std::vector<Record> records_;
};

char delimiter_of(const SourceFile& file) {
  std::string header;
  LineReader lines(file.path);
  lines.next(header);
  if (is_lfs_pointer(header)) throw lfs_pointer_error(file.path.string());
  return file.kind == FileKind::tsv ? '\t' : csv_delimiter(header);
}

class CsvRowReader : public RowReader {
 public:
  CsvRowReader(const SourceFile& file, std::size_t number)
      : number_(number), records_(file.path, delimiter_of(file)), bytes_on_disk_(file) {
    Cells names;
    records_.next(names);
    for (const std::string& name : names) header_.emplace_back(trim(name));
  }

  std::unique_ptr<Batch> next() override {
    auto batch = std::make_unique<CsvBatch>(number_, header_, first_);
    std::size_t size = 0;
    while (size < kBatchBytes) {
      Record record;
      ended_ = ended_ || !records_.next(record.cells);
      if (ended_) break;
      record.line = records_.line();
      for (const std::string& cell : record.cells) size += cell.size() + 1;
      batch->add(std::move(record));
    }
    if (size == 0 && !first_) return nullptr;
    first_ = false;
    batch->bytes = bytes_on_disk_.take(size, ended_);
    return batch;
  }

 private:
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

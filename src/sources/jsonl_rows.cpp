// JSONL: one object a line.
#include <simdjson.h>

#include "film/base/git_lfs.h"
#include "film/base/lines.h"
#include "film/base/strings.h"
#include "readers.h"

namespace film::sources {
namespace {

namespace dom = simdjson::dom;

bool is_scalar(const dom::element& value) {
  return value.is_string() || value.is_number() || value.is_bool();
}

std::string scalar_text(const dom::element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string(text) : std::string(simdjson::minify(value));
}

// False when the value is not of the column's type.
bool fill(Cell& cell, const dom::element& value, CellType type) {
  cell.is_string = value.is_string();
  if (type == CellType::list) {
    dom::array array;
    if (value.get(array) == simdjson::SUCCESS) {
      for (const dom::element element : array) {
        if (!is_scalar(element)) return false;
        cell.list.push_back(scalar_text(element));
      }
    } else if (is_scalar(value)) {
      cell.list.push_back(scalar_text(value));
    } else {
      return false;
    }
  } else {
    if (type == CellType::string && !cell.is_string) return false;
    if (type == CellType::scalar && !is_scalar(value)) return false;
    cell.text = scalar_text(value);
  }
  cell.present = true;
  return true;
}

std::string column_detail(const std::string& name, const std::string& what) {
  return "\"" + name + "\" " + what;
}

class JsonlBatch : public Batch {
 public:
  JsonlBatch(std::size_t file, std::uint64_t line) : file_(file), line_(line) {}

  void add(std::string line) { lines_.push_back(std::move(line)); }

  std::vector<Row> parse(const Columns& columns) const override {
    std::vector<Row> rows;
    dom::parser parser;
    for (std::size_t i = 0; i < lines_.size(); ++i) rows.push_back(parse_line(parser, i, columns));
    return rows;
  }

 private:
  Row parse_line(dom::parser& parser, std::size_t i, const Columns& columns) const {
    const std::uint64_t number = line_ + i;
    const std::string_view line = number == 1 ? without_byte_order_mark(lines_[i]) : lines_[i];
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      return faulty(file_, number, RowFault::empty);
    if (line.size() >= kLargestRow) return faulty(file_, number, RowFault::too_large);
    if (!simdjson::validate_utf8(line)) return faulty(file_, number, RowFault::bad_utf8);
    dom::element root;
    if (const auto error = parser.parse(line.data(), line.size()).get(root))
      return faulty(file_, number, RowFault::bad_json, simdjson::error_message(error));
    dom::object object;
    if (root.get(object) != simdjson::SUCCESS) return faulty(file_, number, RowFault::not_an_object);
    return row_of(object, number, columns);
  }

  Row row_of(const dom::object& object, std::uint64_t number, const Columns& columns) const {
    Row row;
    row.file = file_;
    row.line = number;
    row.cells.resize(columns.columns.size());
    for (const auto& [key, value] : object) {
      const std::size_t i = find_column(columns, key);
      if (i == std::string::npos) continue;
      const Column& column = columns.columns[i];
      if (row.cells[i].present)
        return faulty(file_, number, RowFault::duplicate_key, column_detail(column.name, "is there twice"));
      if (value.is_null() && !column.required) continue;
      if (!fill(row.cells[i], value, column.type))
        return faulty(file_, number, RowFault::wrong_type,
                      column_detail(column.name, "is " + std::string(simdjson::minify(value)).substr(0, 60)));
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      if (columns.columns[i].required && !row.cells[i].present)
        return faulty(file_, number, RowFault::missing, column_detail(columns.columns[i].name, "is missing"));
    return row;
  }

  std::size_t file_;
  std::uint64_t line_;  // of lines_[0], from 1
  std::vector<std::string> lines_;
};

class JsonlReader : public RowReader {
 public:
  JsonlReader(const SourceFile& file, std::size_t number)
      : number_(number), lines_(file.path), bytes_on_disk_(file) {}

  std::unique_ptr<Batch> next() override {
    auto batch = std::make_unique<JsonlBatch>(number_, lines_.line_number() + 1);
    std::size_t size = 0;
    while (size < kBatchBytes) {
      std::string line;
      ended_ = ended_ || !lines_.next(line);
      if (ended_) break;
      if (lines_.line_number() == 1 && is_lfs_pointer(line)) throw lfs_pointer_error(lines_.path().string());
      size += line.size() + 1;
      batch->add(std::move(line));
    }
    if (size == 0) return nullptr;
    batch->bytes = bytes_on_disk_.take(size, ended_);
    return batch;
  }

 private:
  std::size_t number_;
  LineReader lines_;
  BytesOnDisk bytes_on_disk_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RowReader> open_jsonl_rows(const SourceFile& file, std::size_t number) {
  return std::make_unique<JsonlReader>(file, number);
}

}  // namespace film::sources

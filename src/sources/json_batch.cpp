#include "json_batch.h"

#include <simdjson.h>

#include <algorithm>

#include "film/base/strings.h"
#include "film/base/text_stream.h"
#include "lax_json.h"
#include "readers.h"

namespace film::sources {
namespace {

namespace dom = simdjson::dom;

// A value that a column asks for.
struct Value {
  enum class Kind { null, string, scalar, array, object };
  Kind kind = Kind::null;
  std::string text;                // of a string its content, of others their JSON
  std::vector<std::string> items;  // of an array, if a list was asked for
  bool scalars = true;             // all items are scalars
  bool replaced = false;           // halves of surrogate pairs
};

bool is_scalar(const Value& value) {
  return value.kind == Value::Kind::string || value.kind == Value::Kind::scalar;
}

Value::Kind kind_of(const dom::element& element) {
  if (element.is_null()) return Value::Kind::null;
  if (element.is_string()) return Value::Kind::string;
  if (element.is_array()) return Value::Kind::array;
  return element.is_object() ? Value::Kind::object : Value::Kind::scalar;
}

Value value_of(const dom::element& element, CellType type) {
  Value value;
  value.kind = kind_of(element);
  std::string_view text;
  value.text =
      element.get(text) == simdjson::SUCCESS ? std::string(text) : std::string(simdjson::minify(element));
  dom::array array;
  if (type != CellType::list || element.get(array) != simdjson::SUCCESS) return value;
  for (const dom::element item : array) {
    Value read = value_of(item, CellType::scalar);
    value.scalars = value.scalars && is_scalar(read);
    value.items.push_back(std::move(read.text));
  }
  return value;
}

Value::Kind kind_of(std::string_view raw) {
  if (raw.starts_with('"')) return Value::Kind::string;
  if (raw.starts_with('[')) return Value::Kind::array;
  if (raw.starts_with('{')) return Value::Kind::object;
  return is_lax_null(raw) ? Value::Kind::null : Value::Kind::scalar;
}

// Nothing for a string with an escape that JSON does not have.
std::optional<Value> lax_value(std::string_view raw, CellType type) {
  Value value;
  value.kind = kind_of(raw);
  value.text = raw;
  if (value.kind == Value::Kind::string) {
    std::optional<LaxString> read = lax_string(raw);
    if (!read) return std::nullopt;
    value.text = std::move(read->text);
    value.replaced = read->replaced;
  }
  if (type != CellType::list || value.kind != Value::Kind::array) return value;
  const auto elements = lax_elements(raw);
  if (!elements) return std::nullopt;
  for (const std::string_view element : *elements) {
    std::optional<Value> read = lax_value(element, CellType::scalar);
    if (!read) return std::nullopt;
    value.scalars = value.scalars && is_scalar(*read);
    value.replaced = value.replaced || read->replaced;
    value.items.push_back(std::move(read->text));
  }
  return value;
}

bool valid_utf8(const Value& value) {
  return simdjson::validate_utf8(value.text) && std::ranges::all_of(value.items, [](const std::string& item) {
           return simdjson::validate_utf8(item);
         });
}

// False when the value is not of the column's type.
bool fill(Cell& cell, Value value, CellType type) {
  const bool scalar = is_scalar(value), array = value.kind == Value::Kind::array;
  if (type == CellType::string && value.kind != Value::Kind::string) return false;
  if (type == CellType::scalar && !scalar) return false;
  if (type == CellType::list && !scalar && !(array && value.scalars)) return false;
  cell.present = true;
  cell.is_string = value.kind == Value::Kind::string;
  if (type != CellType::list)
    cell.text = std::move(value.text);
  else if (array)
    cell.list = std::move(value.items);
  else
    cell.list.push_back(std::move(value.text));
  return true;
}

// A row in the making: members come one by one.
class RowMaker {
 public:
  RowMaker(std::size_t file, std::uint64_t line, const Columns& columns) : columns_(columns) {
    row_.file = file;
    row_.line = line;
    row_.cells.resize(columns.columns.size());
  }

  bool failed() const { return row_.fault.has_value(); }
  void note(RowNote note) { row_.notes = {note}; }
  // A member that holds a list of objects: the rows, perhaps.
  void set_wrapped(std::string_view key) { wrapped_ = key; }

  void refuse(RowFault fault, const std::string& name, const std::string& what) {
    row_ = faulty(row_.file, row_.line, fault, "\"" + name + "\" " + what);
  }

  void take(std::size_t i, Value value) {
    const Column& column = columns_.columns[i];
    if (row_.cells[i].present) return refuse(RowFault::duplicate_key, column.name, "is there twice");
    if (value.kind == Value::Kind::null && !column.required) return;
    const std::string shown = value.text.substr(0, 60);
    if (value.replaced) note(RowNote::half_surrogate);
    if (!fill(row_.cells[i], std::move(value), column.type))
      refuse(RowFault::wrong_type, column.name, "is " + shown);
  }

  Row finish() {
    for (std::size_t i = 0; i < row_.cells.size(); ++i)
      if (columns_.columns[i].required && !row_.cells[i].present) {
        refuse(RowFault::missing, columns_.columns[i].name,
               wrapped_.empty() ? "is missing"
                                : "is missing; \"" + wrapped_ + "\" is a list of objects: jq -c '." +
                                      wrapped_ + "[]' makes JSON Lines of it");
        break;
      }
    return std::move(row_);
  }

 private:
  const Columns& columns_;
  Row row_;
  std::string wrapped_;
};

bool is_list_of_objects(const dom::element& element) {
  dom::array array;
  return element.get(array) == simdjson::SUCCESS && array.size() > 0 && array.at(0).is_object();
}

bool is_list_of_objects(std::string_view raw) {
  const auto elements = lax_elements(raw);
  return elements && !elements->empty() && elements->front().starts_with('{');
}

// A row whose JSON a strict parser refuses; nothing when what is wrong with it concerns what is read.
std::optional<Row> lax_row(std::string_view text, RowMaker row, const Columns& columns) {
  const auto members = lax_members(text);
  if (!members) return std::nullopt;
  row.note(RowNote::lax_json);
  for (const LaxMember& member : *members) {
    const std::size_t i = find_column(columns, member.key);
    if (i == std::string::npos) {
      if (is_list_of_objects(member.value)) row.set_wrapped(member.key);
      continue;
    }
    std::optional<Value> value = lax_value(member.value, columns.columns[i].type);
    if (!value || !valid_utf8(*value)) return std::nullopt;
    row.take(i, std::move(*value));
    if (row.failed()) break;
  }
  return row.finish();
}

Row strict_row(const dom::object& object, RowMaker row, const Columns& columns) {
  for (const auto& [key, element] : object) {
    const std::size_t i = find_column(columns, key);
    if (i == std::string::npos) {
      if (is_list_of_objects(element)) row.set_wrapped(key);
      continue;
    }
    row.take(i, value_of(element, columns.columns[i].type));
    if (row.failed()) break;
  }
  return row.finish();
}

}  // namespace

std::vector<Row> JsonBatch::parse(const Columns& columns) const {
  std::vector<Row> rows;
  dom::parser parser;
  EncodingAdvice advice(file_);
  const auto row_of = [&](const Text& item) {
    const std::string_view text = without_byte_order_mark(item.text);
    if (text.find_first_not_of(" \t\r") == std::string_view::npos)
      return faulty(number_, item.line, RowFault::empty);
    if (text.size() >= kLargestRow) return faulty(number_, item.line, RowFault::too_large);
    const RowMaker row(number_, item.line, columns);
    dom::element root;
    const bool utf8 = simdjson::validate_utf8(text);
    const auto error = utf8 ? parser.parse(text.data(), text.size()).get(root) : simdjson::UTF8_ERROR;
    if (error != simdjson::SUCCESS) {
      if (std::optional<Row> read = lax_row(text, row, columns)) return std::move(*read);
      return utf8 ? faulty(number_, item.line, RowFault::bad_json, simdjson::error_message(error))
                  : faulty(number_, item.line, RowFault::bad_utf8, advice.text());
    }
    dom::object object;
    if (root.get(object) != simdjson::SUCCESS) return faulty(number_, item.line, RowFault::not_an_object);
    return strict_row(object, row, columns);
  };
  for (const Text& item : texts_) rows.push_back(row_of(item));
  return rows;
}

}  // namespace film::sources

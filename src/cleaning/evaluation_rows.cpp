#include "evaluation_rows.h"

#include "film/base/csv.h"
#include "film/base/json.h"
#include "film/base/lines.h"
#include "film/base/strings.h"
#include "film/base/text_stream.h"

namespace film::cleaning {
namespace {

void walk(const Json& value, const std::string& part, std::uint64_t line, const UseText& use) {
  if (value.is_string()) return use(line, part, value.get_ref<const std::string&>());
  std::size_t number = 0;
  if (value.is_array())
    for (const Json& element : value) walk(element, part + "[" + std::to_string(number++) + "]", line, use);
  if (value.is_object())
    for (const auto& [key, member] : value.items())
      walk(member, part.empty() ? key : part + "." + key, line, use);
}

std::uint64_t json_lines(const sources::SourceFile& file, const UseText& use) {
  LineReader lines(file.path, LineFile::user);
  std::string line;
  std::uint64_t rows = 0;
  while (lines.next(line)) {
    const std::string_view text = trim(without_byte_order_mark(line));
    if (text.empty()) continue;
    walk(parse_json(text, lines.where()), "", lines.line_number(), use);
    ++rows;
  }
  return rows;
}

std::uint64_t whole_json(const sources::SourceFile& file, const UseText& use) {
  const Json json = read_json(file.path);
  if (!json.is_array()) {
    walk(json, "", 1, use);
    return 1;
  }
  std::uint64_t row = 0;
  for (const Json& element : json) walk(element, "", ++row, use);
  return row;
}

std::uint64_t csv_rows(const sources::SourceFile& file, const UseText& use) {
  std::string header_line;
  LineReader(file.path, LineFile::user).next(header_line);
  CsvReader reader(file.path, csv_delimiter(header_line));
  std::vector<std::string> header, cells;
  reader.next(header);
  std::uint64_t rows = 0;
  for (; reader.next(cells); ++rows)
    for (std::size_t i = 0; i < cells.size(); ++i)
      use(reader.line(), i < header.size() ? header[i] : "column " + std::to_string(i + 1), cells[i]);
  return rows;
}

std::uint64_t whole_text(const sources::SourceFile& file, const UseText& use) {
  std::string text;
  const std::unique_ptr<ByteStream> bytes = open_text(file.path);
  while (bytes->read(text)) {
  }
  use(0, "", text);
  return 1;
}

}  // namespace

std::uint64_t for_each_text(const sources::SourceFile& file, const UseText& use) {
  switch (file.kind) {
    case sources::FileKind::jsonl:
      return json_lines(file, use);
    case sources::FileKind::json:
      return whole_json(file, use);
    case sources::FileKind::csv:
    case sources::FileKind::tsv:
      return csv_rows(file, use);
    default:  // text: no other kind is asked for
      return whole_text(file, use);
  }
}

}  // namespace film::cleaning

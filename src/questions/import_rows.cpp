#include "import_rows.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "film/base/error.h"
#include "film/questions/sentences.h"

namespace film::questions {
namespace {

constexpr std::string_view kBetweenQuotes = " || ";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_number(const std::string& text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::string file_and_line(const fs::path& file, std::uint64_t line) {
  return file.filename().string() + ":" + std::to_string(line);
}

void set_context(ImportRow& row, const std::string& text) {
  std::uint64_t id = 0;
  if (text.empty()) return;
  if (is_number(text, id)) {
    row.context = id;
  } else {
    row.problem = "bad_context";
    row.detail = "context must be the number of a context, got \"" + text.substr(0, 60) + "\"";
  }
}

void add_quotes(ImportRow& row, std::string_view text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(kBetweenQuotes, begin), text.size());
    if (std::string quote = flatten(text.substr(begin, end - begin)); !quote.empty())
      row.quotes.push_back(quote);
    begin = end + kBetweenQuotes.size();
  }
}

void check(ImportRow& row) {
  if (row.problem != nullptr) return;
  if (row.question.empty())
    row.problem = "no_question";
  else if (row.answer.empty())
    row.problem = "no_answer";
  else if (!row.context && row.quotes.empty())
    row.problem = "no_context_and_no_quote";
}

std::string scalar(const Json& value) {
  return value.is_string() ? value.get<std::string>() : to_line(value);
}

void set_field(ImportRow& row, const std::string& key, const Json& value) {
  if (value.is_null()) return;
  if (key == "question")
    row.question = flatten(scalar(value));
  else if (key == "answer")
    row.answer = flatten(scalar(value));
  else if (key == "context" || key == "context_id")
    set_context(row, scalar(value));
  else if (key == "evidence" || key == "quote" || key == "quotes") {
    if (!value.is_array()) return add_quotes(row, scalar(value));
    for (const Json& quote : value)
      if (std::string text = flatten(scalar(quote)); !text.empty()) row.quotes.push_back(std::move(text));
  }
}

void read_jsonl(LineReader& lines, const std::function<void(ImportRow)>& use) {
  for (std::string line; lines.next(line);) {
    if (flatten(line).empty()) continue;
    ImportRow row;
    row.where = file_and_line(lines.path(), lines.line_number());
    try {
      const Json json = parse_json(line, row.where);
      if (!json.is_object()) throw bad_data(row.where + ": not a JSON object");
      for (const auto& [key, value] : json.items()) set_field(row, to_small(key), value);
    } catch (const Error& error) {
      row.problem = "bad_line";
      row.detail = error.what();
    }
    check(row);
    use(std::move(row));
  }
}

char delimiter_of(const std::string& header) {
  char best = ',';
  for (const char c : {',', ';', '\t'})
    if (std::ranges::count(header, c) > std::ranges::count(header, best)) best = c;
  return best;
}

// The header's names, in small letters.
std::vector<std::string> read_header(LineReader& lines, char& delimiter) {
  std::string header;
  if (!lines.next(header)) throw bad_data(lines.path().string() + " is empty");
  if (header.starts_with(kByteOrderMark)) header.erase(0, kByteOrderMark.size());
  delimiter = delimiter_of(header);
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= header.size();) {
    const std::size_t end = std::min(header.find(delimiter, begin), header.size());
    std::string name = to_small(flatten(std::string_view(header).substr(begin, end - begin)));
    std::erase(name, '"');
    names.push_back(std::move(name));
    begin = end + 1;
  }
  for (const char* needed : {"question", "answer"})
    if (std::ranges::find(names, needed) == names.end())
      throw bad_data(lines.path().string() + ":1: no column \"" + needed + "\" in the header",
                     "the first line names the columns: question,answer,context,evidence");
  return names;
}

void read_csv(LineReader& lines, const std::function<void(ImportRow)>& use) {
  char delimiter = ',';
  const std::vector<std::string> names = read_header(lines, delimiter);
  std::vector<std::string> cells;
  for (std::uint64_t line = 0; read_csv_record(lines, delimiter, cells, line);) {
    if (cells.size() == 1 && flatten(cells[0]).empty()) continue;
    ImportRow row;
    row.where = file_and_line(lines.path(), line);
    if (cells.size() != names.size()) {
      row.problem = "bad_line";
      row.detail =
          std::to_string(cells.size()) + " cells where the header names " + std::to_string(names.size());
    }
    for (std::size_t i = 0; i < std::min(cells.size(), names.size()); ++i) {
      set_field(row, names[i], flatten(cells[i]));
      if (!simdjson::validate_utf8(cells[i])) row.problem = "bad_utf8", row.detail = "save the file as UTF-8";
    }
    check(row);
    use(std::move(row));
  }
}

}  // namespace

bool read_csv_record(LineReader& lines, char delimiter, std::vector<std::string>& cells,
                     std::uint64_t& line) {
  std::string text;
  if (!lines.next(text)) return false;
  line = lines.line_number();
  cells.assign(1, "");
  bool quoted = false;
  while (true) {
    if (!quoted && text.ends_with('\r')) text.pop_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"')
        cells.back() += text[++i];
      else if (c == '"' && (quoted || cells.back().empty()))
        quoted = !quoted;
      else if (c == delimiter && !quoted)
        cells.emplace_back();
      else
        cells.back() += c;
    }
    if (!quoted) break;
    cells.back() += '\n';
    if (!lines.next(text))
      throw bad_data(lines.path().string() + ":" + std::to_string(line) + ": a quoted cell is never closed");
  }
  if (cells.back().ends_with('\r')) cells.back().pop_back();
  return true;
}

void read_import_rows(const fs::path& file, const std::function<void(ImportRow)>& use) {
  std::string first;
  {
    LineReader peek(file);
    while (peek.next(first) && flatten(first).empty()) {
    }
  }
  LineReader lines(file);
  const std::size_t begin = first.find_first_not_of(" \t\xEF\xBB\xBF");
  const bool json = begin != std::string::npos && first[begin] == '{';
  json ? read_jsonl(lines, use) : read_csv(lines, use);
}

}  // namespace film::questions

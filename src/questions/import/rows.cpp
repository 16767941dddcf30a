#include "rows.h"

#include <array>

#include "film/base/as_number.h"
#include "film/base/error.h"
#include "film/base/json.h"
#include "film/base/strings.h"
#include "film/sources/rows.h"

namespace film::questions {
namespace {

constexpr std::string_view kBetweenQuotes = " || ";
constexpr const char* kHeaderHint = "the first line names the columns: question,answer,context,evidence";

// The columns of a row, in the order of ColumnNumber.
enum ColumnNumber : std::size_t {
  kQuestion,
  kAnswer,
  kContext,
  kContextId,
  kEvidence,
  kQuote,
  kQuotes,
  kSplit
};
const sources::Columns& columns() {
  using enum sources::CellType;
  static const sources::Columns all{{{"question", scalar, false},
                                     {"answer", scalar, false},
                                     {"context", any, false},
                                     {"context_id", any, false},
                                     {"evidence", any, false},
                                     {"quote", any, false},
                                     {"quotes", any, false},
                                     {"split", any, false}},
                                    true};
  return all;
}

// pandas writes a column of numbers with a blank cell in it as 3.0.
std::optional<std::uint64_t> number_of(std::string_view text) {
  if (const std::size_t point = text.find('.'); point != text.npos && point + 1 < text.size())
    if (text.find_first_not_of('0', point + 1) == text.npos) text = text.substr(0, point);
  return as_number<std::uint64_t>(text);
}

// What programs write for a cell without a value.
bool is_no_value(const std::string& text) {
  const std::string lower = to_lower_ascii(text);
  return text.empty() || lower == "nan" || lower == "null" || lower == "none" || lower == "na" ||
         lower == "n/a";
}

void set_context(ImportRow& row, const sources::Cell& cell) {
  const std::string text = normalize_whitespace(cell.text);
  if (is_no_value(text)) return;
  row.context = number_of(text);
  if (row.context) return;
  row.reject_reason = RejectReason::bad_context;
  row.detail = "context must be the number of a context, got \"" + text.substr(0, 60) + "\"";
}

void add_quote(ImportRow& row, std::string_view text) {
  if (std::string quote = normalize_whitespace(text); !quote.empty()) row.quotes.push_back(std::move(quote));
}

void add_quotes(ImportRow& row, const sources::Cell& cell) {
  const std::optional<Json> list = cell.is_string ? std::nullopt : try_parse_json(cell.text);
  if (list && list->is_array()) {
    for (const Json& quote : *list)
      add_quote(row, quote.is_string() ? quote.get<std::string>() : to_line(quote));
  } else {
    for (const std::string_view quote : split(cell.text, kBetweenQuotes)) add_quote(row, quote);
  }
}

void set_split(ImportRow& row, const sources::Cell& cell) {
  const std::string text = to_lower_ascii(normalize_whitespace(cell.text));
  if (text.empty() || row.reject_reason) return;
  row.split = from_name<Split>(text);
  if (row.split) return;
  row.reject_reason = RejectReason::bad_split;
  row.detail = "split must be train, validation or test, got \"" + text.substr(0, 60) + "\"";
}

std::optional<RejectReason> missing_part(const ImportRow& row) {
  if (row.question.empty()) return RejectReason::no_question;
  if (row.answer.empty()) return RejectReason::no_answer;
  if (!row.context && row.quotes.empty()) return RejectReason::no_context_and_no_quote;
  return std::nullopt;
}

ImportRow read_row(const sources::Row& row, std::string where) {
  ImportRow read;
  read.where = std::move(where);
  if (row.fault) {
    read.reject_reason = to_reject_reason(*row.fault);
    read.detail = row.detail;
    return read;
  }
  read.question = normalize_whitespace(row.cells[kQuestion].text);
  read.answer = normalize_whitespace(row.cells[kAnswer].text);
  for (const ColumnNumber column : {kContext, kContextId}) set_context(read, row.cells[column]);
  set_split(read, row.cells[kSplit]);
  for (const ColumnNumber column : {kEvidence, kQuote, kQuotes})
    if (row.cells[column].present) add_quotes(read, row.cells[column]);
  if (!read.reject_reason) read.reject_reason = missing_part(read);
  return read;
}

// A cell of CSV is absent only where the header does not name its column.
void require_columns(const sources::Row& row, const sources::SourceFile& file) {
  using enum sources::FileKind;
  if (row.fault || (file.kind != csv && file.kind != tsv)) return;
  for (const ColumnNumber column : {kQuestion, kAnswer})
    if (!row.cells[column].present)
      throw bad_data(
          file.path.string() + ":1: no column \"" + columns().columns[column].name + "\" in the header",
          kHeaderHint);
}

}  // namespace

void read_import_rows(const fs::path& file, const std::function<void(ImportRow)>& use) {
  using enum sources::FileKind;
  const sources::FileList list = sources::list_files({file}, {{}, {jsonl, csv, tsv}}, "import.file");
  bool any = false;
  sources::for_each_row(list.files, columns(), [&](const sources::Row& row) {
    if (row.fault == sources::RowFault::empty) return;
    any = true;
    require_columns(row, list.files[row.file]);
    use(read_row(row, sources::where(row, list.files)));
  });
  if (!any) throw bad_data(file.string() + " holds no row", kHeaderHint);
}

}  // namespace film::questions

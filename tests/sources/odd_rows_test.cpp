// Rows that strictness would lose: odd values in fields nobody reads, marks, line ends, arrays, what spreadsheets write.
#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "film/sources/rows.h"

namespace film::sources {
namespace {

using support::gzip;
using support::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const FileFilter kAll = {{".txt"}, {FileKind::jsonl, FileKind::csv, FileKind::tsv}};
const Columns kText = {{{"text"}}};
using std::string_literals::operator""s;

std::vector<std::string> rows_of(const fs::path& input, const Columns& columns = kText) {
  const std::vector<SourceFile> files = list_files({input}, kAll, "inputs").files;
  std::vector<std::string> all;
  for_each_row(files, columns, [&](const Row& row) {
    std::string text = std::to_string(row.line) + (row.fault ? " " + name_of(*row.fault) : "");
    for (const Cell& cell : row.cells) {
      text += cell.present ? " [" + cell.text : " -";
      for (const std::string& item : cell.list) text += "'" + item + "'";
      if (cell.present) text += "]";
    }
    all.push_back(text + (row.notes.empty() ? "" : " " + name_of(*row.notes.begin())));
  });
  return all;
}

struct JsonCase {
  std::string line, row;
};

TEST(OddJson, IsReadWhateverIsInFieldsNobodyReads) {
  const TempFolder folder;
  const std::string deep(3000, '['), closed(3000, ']');
  const std::vector<JsonCase> cases = {
      {R"({"score":-NaN,"text":"a"})", "1 [a] lax_json"},
      {R"({"text":"b","ratio":-Infinity})", "1 [b] lax_json"},
      {R"({"hash":340282366920938463463374607431768211455,"text":"c"})", "1 [c] lax_json"},
      {R"({"text":"d","tiny":1e99999,"x":+1,"y":.5})", "1 [d] lax_json"},
      {R"({"none":undefined,"text":"e","also":None})", "1 [e] lax_json"},
      {"{\"raw\":\"tab\there\",\"text\":\"f\"}", "1 [f] lax_json"},
      {"{\"name\":\"\xE9t\xE9\",\"text\":\"g\"}", "1 [g] lax_json"},
      {R"({"author":"\udead","text":"h"})", "1 [h] lax_json"},
      {R"({"path":"C:\dir","text":"i"})", "1 [i] lax_json"},
      {"{\"deep\":" + deep + closed + ",\"text\":\"j\"}", "1 [j] lax_json"},
      {R"({"id":1,"id":2,"text":"k"})", "1 [k]"},
      {R"({"text":"l","id":NaN,})", "1 [l] lax_json"},
      {R"({"text":"m"},)", "1 [m] lax_json"},
      {R"({"n":NaN,"text":"\u00e9\ud83e\udd89\n\"q\" \/"})", "1 [é🦉\n\"q\" /] lax_json"},
      {R"({"text":"half \ud83e of an owl, \udd89 too"})",
       "1 [half \uFFFD of an owl, \uFFFD too] half_surrogate"}};
  for (const JsonCase& c : cases)
    EXPECT_THAT(rows_of(folder.put("x.jsonl", c.line)), ElementsAre(c.row)) << c.line;
}

TEST(OddJson, IsRefusedWhereItConcernsWhatIsRead) {
  const TempFolder folder;
  const std::vector<JsonCase> cases = {
      {R"({"text":NaN})", "1 wrong_type"},        {R"({"text":"a \d b"})", "1 bad_json"},
      {"{\"text\":\"\xE9t\xE9\"}", "1 bad_utf8"}, {R"({"text":"x","n":NaN,"text":"y"})", "1 duplicate_key"},
      {R"({"text":"x" "n":NaN})", "1 bad_json"},  {R"({"text":"x","n":NaN)", "1 bad_json"},
      {R"({"text":"x","n":[NaN})", "1 bad_json"}, {R"({'text':'x'})", "1 bad_json"},
      {R"({"text":"x",n:1})", "1 bad_json"},      {R"({"body":Infinity})", "1 missing"}};
  for (const JsonCase& c : cases)
    EXPECT_THAT(rows_of(folder.put("x.jsonl", c.line)), ElementsAre(c.row)) << c.line;
}

TEST(OddJson, NumbersOfAnySizeServeAsCells) {
  const TempFolder folder;
  const Columns columns = {
      {{"id", CellType::scalar, false}, {"tags", CellType::list, false}, {"any", CellType::any, false}}};
  EXPECT_THAT(rows_of(folder.put("x.jsonl",
                                 R"({"id":123456789012345678901234567890,"tags":["a",1e999],"any":{"k":NaN}})"
                                 "\n"
                                 R"({"id":Infinity,"tags":NaN,"any":null,"other":NaN})"),
                      columns),
              ElementsAre("1 [123456789012345678901234567890] ['a''1e999'] [{\"k\":NaN}] lax_json",
                          "2 - - - lax_json"));
}

TEST(OddFiles, JoinedFilesKeepEveryRow) {
  const TempFolder folder;
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_THAT(rows_of(folder.put("a.jsonl", mark + "{\"text\":\"1\"}\n" + mark + "{\"text\":\"2\"}\n\n \n")),
              ElementsAre("1 [1]", "2 [2]", "3 empty", "4 empty"));
  EXPECT_THAT(rows_of(folder.put("a.csv", mark + "id,text\n1,a\n" + mark + "id,text\n2,b\n,\n")),
              ElementsAre("2 [a]", "4 [b]", "5 empty"));
  EXPECT_THAT(rows_of(folder.put("b.json", mark + "[{\"text\":\"1\"}]\n" + mark + "[{\"text\":\"2\"}]")),
              ElementsAre("1 [1]", "2 [2]"));
}

TEST(OddFiles, LinesMayEndWithCarriageReturns) {
  const TempFolder folder;
  EXPECT_THAT(rows_of(folder.put("a.jsonl", "{\"text\":\"1\"}\r{\"text\":\"2\"}\r")),
              ElementsAre("1 [1]", "2 [2]"));
  EXPECT_THAT(rows_of(folder.put("a.csv", "id,text\r1,a\r2,\"b\nc\"\r")), ElementsAre("2 [a]", "3 [b\nc]"));
  EXPECT_THAT(rows_of(folder.put("a.tsv", "text\tid\ra,1\t2\r")), ElementsAre("2 [a,1]"));
}

TEST(OddFiles, Utf16IsRead) {
  const TempFolder folder;
  const auto wide = [](std::string_view ascii) {
    std::string text = "\xFF\xFE";
    for (const char c : ascii) text += {c, '\0'};
    return text;
  };
  EXPECT_THAT(rows_of(folder.put("excel.csv", wide("id\ttext\r\n1\ta\r\n"))), ElementsAre("2 [a]"));
  EXPECT_THAT(rows_of(folder.put("note.txt", wide("plain"))), ElementsAre("0 [plain]"));
  EXPECT_THAT(rows_of(folder.put("dump.json", wide("[\n{\"text\":\"b\"}]"))), ElementsAre("2 [b]"));
}

TEST(OddFiles, JsonOverSeveralLinesIsRead) {
  const TempFolder folder;
  const std::string array =
      "[\n {\"text\": \"a ] } \\\" [\",\n  \"n\": [1, {\"text\": 0}]},\n{\"text\":\"b\"} , 7, \"word\"\n]\n";
  const auto rows = ElementsAre("2 [a ] } \" []", "4 [b]", "4 not_an_object", "4 not_an_object");
  EXPECT_THAT(rows_of(folder.put("array.json", array)), rows);
  EXPECT_THAT(rows_of(folder.put("array.jsonl.gz", gzip(array))), rows);
  EXPECT_THAT(rows_of(folder.put("one.json", "[{\"text\":\"a\"},{\"text\":NaN},{\"text\":\"c\"}]")),
              ElementsAre("1 [a]", "1 wrong_type", "1 [c]"));
  EXPECT_THAT(rows_of(folder.put("printed.json", "{\n  \"text\": \"a\"\n}\n{\n  \"text\": \"b\"\n}\n")),
              ElementsAre("1 [a]", "4 [b]"));
  EXPECT_THAT(rows_of(folder.put("cut.json", "[{\"text\":\"a\"},\n{\"text\":\"b")),
              ElementsAre("1 [a]", "2 bad_json"));
  EXPECT_THAT(rows_of(folder.put("none.json", "[ ]")), IsEmpty());
}

TEST(OddFiles, AListInsideAnObjectIsNamed) {
  const TempFolder folder;
  for (const char* content : {R"({"version":2,"rows":[{"text":"a"},{"text":"b"}]})",
                              "{\n \"rows\": [\n{\"text\":\"a\"}]}", R"({"rows":[{"text":"a","n":NaN}]})"}) {
    const std::vector<SourceFile> files = list_files({folder.put("x.json", content)}, kAll, "inputs").files;
    for_each_row(files, kText, [&](const Row& row) {
      EXPECT_EQ(row.fault, RowFault::missing);
      EXPECT_THAT(row.detail, HasSubstr("jq -c '.rows[]'"));
    });
  }
}

TEST(OddFiles, BigArraysComeInBatches) {
  const TempFolder folder;
  std::string array = "[";
  for (int i = 0; i < 40'000; ++i)
    array += (i > 0 ? ",\n" : "") + "{\"text\":\"number "s + std::to_string(i) + " of many\"}";
  const std::vector<std::string> rows = rows_of(folder.put("big.json", array + "]"));
  ASSERT_EQ(rows.size(), 40'000u);
  EXPECT_EQ(rows[39'999], "40000 [number 39999 of many]");
}

TEST(OddCsv, IsReadAsSpreadsheetsWriteIt) {
  const TempFolder folder;
  const Columns loose = {{{"text", CellType::string, false}, {"note", CellType::string, false}}, true};
  const auto rows = [&](const std::string& content) { return rows_of(folder.put("x.csv", content), loose); };
  EXPECT_THAT(rows("sep=;\r\nText;Note\r\na,b;c\r\n"), ElementsAre("3 [a,b] [c]"));
  EXPECT_THAT(rows("\"sep=\t\"\ntext\tnote\na\tb\n"), ElementsAre("3 [a] [b]"));
  EXPECT_THAT(rows(" \"TEXT\" ,\" note \"\na,b\n"), ElementsAre("2 [a] [b]"));
  EXPECT_THAT(rows("\n\ntext|note\na|b\n"), ElementsAre("4 [a] [b]"));
  EXPECT_THAT(rows("text,note,,\na\nb,c,,,,\n,,,\nd,e,,f\n"),
              ElementsAre("2 [a] []", "3 [b] [c]", "4 empty", "5 [d] [e]"));
  EXPECT_THAT(rows("text,note\nwell, then,b\n"), ElementsAre("2 cell_count"));
}

}  // namespace
}  // namespace film::sources

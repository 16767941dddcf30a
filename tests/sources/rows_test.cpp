// Files of every kind give rows; odd rows say what is wrong with them.
#include "film/sources/rows.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "film/base/parallel.h"
#include "film/sources/reject_tally.h"

namespace film::sources {
namespace {

using support::error_of;
using support::gzip;
using support::TempFolder;
using support::zstd;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const FileFilter kAll = {{".txt"}, {FileKind::jsonl, FileKind::csv, FileKind::tsv}};
const Columns kText = {{{"text"}}};

std::string describe(const Row& row, const std::vector<SourceFile>& files) {
  std::string text = where(row, files) + ":";
  if (row.fault)
    return text + " " + name_of(*row.fault) + (row.detail.empty() ? "" : " (" + row.detail + ")");
  for (const Cell& cell : row.cells) {
    text += cell.present ? " [" + cell.text : " -";
    for (const std::string& item : cell.list) text += "'" + item + "'";
    if (cell.present) text += "]";
  }
  return text;
}

std::vector<std::string> rows_of(const fs::path& input, const Columns& columns) {
  const std::vector<SourceFile> files = list_files({input}, kAll, "inputs").files;
  std::vector<std::string> all;
  for_each_row(files, columns, [&](const Row& row) { all.push_back(describe(row, files)); });
  return all;
}

TEST(Rows, AreTheSameFromEveryContainer) {
  const TempFolder folder;
  std::string jsonl, csv = "text\n";
  for (int i = 0; i < 500; ++i) {
    jsonl += "{\"text\":\"row " + std::to_string(i) + "\"}\n";
    csv += "row " + std::to_string(i) + "\n";
    folder.put("t/" + std::to_string(1000 + i) + (i % 2 == 0 ? ".txt" : ".txt.gz"),
               i % 2 == 0 ? "row " + std::to_string(i) : gzip("row " + std::to_string(i)));
  }
  for (const fs::path& file : {folder.put("a.jsonl", jsonl), folder.put("b.jsonl.gz", gzip(jsonl)),
                               folder.put("c.jsonl", zstd(jsonl)), folder.put("d.csv", csv),
                               folder.put("e.tsv.gz", gzip(csv)), folder / "t"}) {
    const std::vector<std::string> rows = rows_of(file, kText);
    ASSERT_EQ(rows.size(), 500u) << file;
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_THAT(rows[i], testing::EndsWith(": [row " + std::to_string(i) + "]")) << file;
  }
}

TEST(JsonlRows, SayWhatIsWrong) {
  const TempFolder folder;
  const fs::path file = folder.put("x.jsonl",
                                   "\xEF\xBB\xBF{\"text\":\"good\"}\n"
                                   "{\"text\":\"broken\"\n"
                                   "{\"text\":\"bad \xff utf-8\"}\n"
                                   "[1,2]\n"
                                   "{\"body\":\"no text\"}\n"
                                   "{\"text\":17}\n"
                                   "{\"text\":null}\n"
                                   " \t\r\n"
                                   "{\"text\":\"one\",\"text\":\"two\"}\n"
                                   "{\"text\":\"last\"}");
  const std::vector<std::string> rows = rows_of(file, kText);
  ASSERT_EQ(rows.size(), 10u);
  EXPECT_EQ(rows[0], "x.jsonl:1: [good]");
  EXPECT_THAT(rows[1], HasSubstr("x.jsonl:2: bad_json ("));
  EXPECT_THAT(rows[2], HasSubstr("x.jsonl:3: bad_utf8 ("));
  EXPECT_EQ(rows[3], "x.jsonl:4: not_an_object");
  EXPECT_EQ(rows[4], "x.jsonl:5: missing (\"text\" is missing)");
  EXPECT_EQ(rows[5], "x.jsonl:6: wrong_type (\"text\" is 17)");
  EXPECT_EQ(rows[6], "x.jsonl:7: wrong_type (\"text\" is null)");
  EXPECT_EQ(rows[7], "x.jsonl:8: empty");
  EXPECT_EQ(rows[8], "x.jsonl:9: duplicate_key (\"text\" is there twice)");
  EXPECT_EQ(rows[9], "x.jsonl:10: [last]");
}

TEST(JsonlRows, HaveColumnsOfEveryType) {
  const TempFolder folder;
  const Columns columns = {{{"id", CellType::scalar},
                            {"quotes", CellType::list, false},
                            {"extra", CellType::any, false},
                            {"title", CellType::string, false}}};
  const fs::path file = folder.put("x.jsonl",
                                   "{\"id\":7,\"quotes\":[\"a\",2],\"extra\":{\"k\":[1, 2]}}\n"
                                   "{\"id\":\"q\",\"quotes\":\"one\",\"title\":null}\n"
                                   "{\"id\":true,\"title\":\"t\"}\n"
                                   "{\"id\":[1]}\n"
                                   "{\"id\":1,\"quotes\":[[1]]}\n"
                                   "{\"id\":1,\"title\":2}\n");
  EXPECT_THAT(
      rows_of(file, columns),
      ElementsAre("x.jsonl:1: [7] ['a''2'] [{\"k\":[1,2]}] -", "x.jsonl:2: [q] ['one'] - -",
                  "x.jsonl:3: [true] - - [t]", "x.jsonl:4: wrong_type (\"id\" is [1])",
                  "x.jsonl:5: wrong_type (\"quotes\" is [[1]])", "x.jsonl:6: wrong_type (\"title\" is 2)"));
}

TEST(JsonlRows, FindColumnsInAnyCaseIfAsked) {
  const TempFolder folder;
  const fs::path file = folder.put("x.jsonl", "{\"TEXT\":\"a\"}\n");
  EXPECT_THAT(rows_of(file, {{{"Text"}}, true}), ElementsAre("x.jsonl:1: [a]"));
  EXPECT_THAT(rows_of(file, {{{"Text"}}}), ElementsAre("x.jsonl:1: missing (\"Text\" is missing)"));
}

TEST(CsvRows, SayWhatIsWrong) {
  const TempFolder folder;
  const fs::path file = folder.put("x.csv",
                                   "\xEF\xBB\xBFid, text \r\n"
                                   "1,\"two\nlines, \"\"quoted\"\"\"\r\n"
                                   "2,bad \xff\r\n"
                                   "3\r\n"
                                   "\r\n"
                                   "4,last,more\r\n"
                                   "5,five");
  EXPECT_THAT(rows_of(file, {{{"text"}, {"id", CellType::scalar}, {"note", CellType::string, false}}}),
              ElementsAre("x.csv:2: [two\nlines, \"quoted\"] [1] -", HasSubstr("x.csv:4: bad_utf8 ("),
                          "x.csv:5: cell_count (1 cells where the header names 2)", "x.csv:6: empty",
                          HasSubstr("x.csv:7: cell_count (3 cells where the header names 2;"),
                          "x.csv:8: [five] [5] -"));
}

TEST(CsvRows, TellADelimiterAndLists) {
  const TempFolder folder;
  const Columns columns = {{{"b", CellType::list}, {"a"}}};
  EXPECT_THAT(rows_of(folder.put("s.csv", "a;b\n1,5;2\n"), columns), ElementsAre("s.csv:2: ['2'] [1,5]"));
  EXPECT_THAT(rows_of(folder.put("t.csv", "a\tb\n1\t2\n"), columns), ElementsAre("t.csv:2: ['2'] [1]"));
  EXPECT_THAT(rows_of(folder.put("t.tsv", "a,x\tb\n1,5\t2\n"), {{{"a,x"}}}), ElementsAre("t.tsv:2: [1,5]"));
}

// A file without the column is one fault, however many rows and batches it has.
TEST(CsvRows, TellOnceThatAColumnIsMissing) {
  const TempFolder folder;
  std::string csv = "a,b\n";
  for (int i = 0; i < 100000; ++i) csv += "some words in a cell,and in another\n";
  const std::string detail = "missing_column (column \"text\" is missing; the header names a, b)";
  EXPECT_THAT(rows_of(folder.put("x.csv", csv), kText), ElementsAre("x.csv:1: " + detail));
  EXPECT_THAT(rows_of(folder.put("y.csv", "a,b\n"), kText), ElementsAre("y.csv:1: " + detail));
  EXPECT_THAT(rows_of(folder.put("z.csv", "text\n"), kText), IsEmpty());
  EXPECT_THAT(rows_of(folder.put("w.csv", "text,text\na,b\n"), kText),
              ElementsAre(HasSubstr("duplicate_key (column \"text\" is there twice")));
  EXPECT_THAT(rows_of(folder.put("v.csv", ""), kText), ElementsAre(HasSubstr("v.csv:1: missing_column")));
}

TEST(TextRows, AreWholeFiles) {
  const TempFolder folder;
  folder.put("t/a.txt", "\xEF\xBB\xBFlines\r\nand more\n");
  folder.put("t/b.txt", "bad \xc3\x28");
  folder.put("t/c.txt", "");
  EXPECT_THAT(rows_of(folder / "t", {{{"body"}, {"title", CellType::string, false}}}),
              ElementsAre("t/a.txt: [\xEF\xBB\xBFlines\r\nand more\n] -", HasSubstr("t/b.txt: bad_utf8 (it "),
                          "t/c.txt: [] -"));
}

TEST(Rows, DamagedFilesAndPointersEndTheReading) {
  const TempFolder folder;
  std::string lines;
  Random random(1, "noise");
  for (int i = 0; i < 5000; ++i) lines += "{\"text\":\"" + std::to_string(random.bits()) + "\"}\n";
  const std::string packed = gzip(lines),
                    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n";
  for (const fs::path& file : {folder.put("x.jsonl.gz", packed.substr(0, packed.size() / 2)),
                               folder.put("x.txt", packed.substr(0, packed.size() / 2)),
                               folder.put("x.csv", "text\n\"never closed\n"), folder.put("p.jsonl", pointer),
                               folder.put("p.csv", pointer), folder.put("p.txt", pointer)})
    EXPECT_EQ(error_of([&] { rows_of(file, kText); }).code(), ExitCode::bad_data) << file;
}

TEST(SourceReader, GivesTheSameBatchesToManyThreads) {
  const TempFolder folder;
  for (int f = 0; f < 5; ++f) {
    std::string lines;
    for (int i = 0; i < 20000; ++i)
      lines += "{\"text\":\"file " + std::to_string(f) + " row " + std::to_string(i) + std::string(200, 'x') +
               "\"}\n";
    folder.put("d/" + std::to_string(f) + ".jsonl", lines);
    folder.put("d/" + std::to_string(f) + ".txt", "text " + std::to_string(f));
  }
  const std::vector<SourceFile> files = list_files({folder / "d"}, kAll, "inputs").files;
  const auto read = [&](int threads) {
    std::vector<std::string> rows;
    SourceReader reader(files);
    parallel_in_order(
        100, threads,
        [&](std::size_t i) {
          const auto batch = reader.pull(i);
          return batch ? batch->parse(kText) : std::vector<Row>();
        },
        [&](std::size_t, const std::vector<Row>& batch) {
          for (const Row& row : batch) rows.push_back(describe(row, files));
        });
    return rows;
  };
  const std::vector<std::string> one = read(1);
  EXPECT_EQ(one.size(), 100005u);
  EXPECT_EQ(read(4), one);
}

TEST(RejectTally, CountsAndNamesTheFirst) {
  RejectTally tally;
  EXPECT_TRUE(tally.empty());
  for (int i = 0; i < 30; ++i) tally.count(i % 3 == 0 ? "empty" : "bad_json", "a.jsonl:" + std::to_string(i));
  EXPECT_EQ(tally.total(), 30u);
  EXPECT_EQ(tally.text(), "bad_json 20, empty 10");
  EXPECT_EQ(tally.examples().size(), 20u);
  EXPECT_EQ(tally.examples().front(), "a.jsonl:0: empty");
}

}  // namespace
}  // namespace film::sources

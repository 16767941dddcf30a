// CSV: RFC 4180, and what spreadsheets make of it.
#include "film/base/csv.h"

#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::random_text;
using testing_base::TempFolder;

using Record = std::vector<std::string>;

const std::string kMark = "\xEF\xBB\xBF";

std::vector<Record> records_of(const std::string& content, char delimiter = ',') {
  const TempFolder folder;
  CsvReader reader(folder.put("f.csv", content), delimiter);
  std::vector<Record> records;
  for (Record cells; reader.next(cells);) records.push_back(cells);
  return records;
}

struct Case {
  std::string content;
  std::vector<Record> expected;
};

TEST(Csv, Records) {
  const std::vector<Case> cases = {
      {"a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b", {{"a", "b"}}},
      {"a,,\n", {{"a", "", ""}}},
      {"\n", {{""}}},
      {"\"a,b\",\"c\"\"d\"\n", {{"a,b", "c\"d"}}},
      {"\"a\nb\",c\n", {{"a\nb", "c"}}},
      {"\"a\r\nb\",c\r\n", {{"a\nb", "c"}}},
      {"\"a\n\nb\"\n", {{"a\n\nb"}}},
      {"\"a\"\r\n", {{"a"}}},
      {"\"a\rb\",c\rd\n", {{"a\rb", "c\rd"}}},
      {"\"\",\"\"\"\"\n", {{"", "\""}}},
      {"5\" disk,a\"b\"\n", {{"5\" disk", "a\"b\""}}},
      {"\"a\"b,c\n", {{"ab", "c"}}},
      {"\"\"\"a\"\"\",b\n", {{"\"a\"", "b"}}},
      {kMark + "\"a\",b\n" + kMark + "c,d\n", {{"a", "b"}, {kMark + "c", "d"}}},
      {"中文,“引号”\n", {{"中文", "“引号”"}}},
      {"", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(records_of(c.content), c.expected) << c.content;
  EXPECT_EQ(records_of("a;\"b;c\",d\n", ';'), (std::vector<Record>{{"a", "b;c,d"}}))
      << "a quote ends, then data";
  EXPECT_EQ(records_of("a\tb,c\n", '\t'), (std::vector<Record>{{"a", "b,c"}}));
}

TEST(Csv, LinesOfRecordsThatHoldLineBreaks) {
  const TempFolder folder;
  CsvReader reader(folder.put("f.csv", "a\n\"b\nb\"\nc\n\"open\n"));
  Record cells;
  for (const std::uint64_t line : {1u, 2u, 4u}) {
    ASSERT_TRUE(reader.next(cells));
    EXPECT_EQ(reader.line(), line);
  }
  EXPECT_EQ(failure_of([&] { reader.next(cells); }),
            "65 " + (folder / "f.csv").string() + ":5: a quoted cell is never closed");
}

TEST(Csv, MissingFilesAreNoInput) {
  const TempFolder folder;
  EXPECT_THAT(failure_of([&] { CsvReader(folder / "none.csv"); }), HasSubstr("66 "));
}

TEST(Csv, DelimiterOfAHeader) {
  EXPECT_EQ(csv_delimiter("a,b;c"), ',') << "the comma where none is more frequent";
  EXPECT_EQ(csv_delimiter("a;b;c,d"), ';');
  EXPECT_EQ(csv_delimiter("a\tb"), '\t');
  EXPECT_EQ(csv_delimiter("a"), ',');
}

TEST(Csv, ACellIsOneLine) {
  EXPECT_EQ(csv_cell("plain text"), "plain text");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"a\""), "\"say \"\"a\"\"\"");
  EXPECT_EQ(csv_cell("a\r\nb"), "\"a  b\"");
}

// What is written comes back, but for line breaks.
TEST(Csv, CellsComeBack) {
  for (std::uint64_t item = 0; item < 2000; ++item) {
    Random random(1, "csv", item);
    Record cells;
    std::string record;
    for (std::uint64_t i = 0; i <= random.below(4); ++i) {
      cells.push_back(random_text(random, "ab\",; '", random.below(6)));
      record += (i > 0 ? "," : "") + csv_cell(cells.back());
    }
    EXPECT_EQ(csv_cells(record), cells) << record;
    EXPECT_EQ(records_of(record + "\n"), std::vector<Record>{cells}) << record;
  }
}

TEST(Csv, DelimitersOfAHeaderAreCountedOutsideQuotes) {
  EXPECT_EQ(csv_delimiter("\"a,b,c,d\";e"), ';');
  EXPECT_EQ(csv_delimiter("who\twhat, exactly\twhere"), '\t');
  EXPECT_EQ(csv_delimiter("who|what|where"), '|');
  EXPECT_EQ(csv_delimiter("text"), ',');
}

TEST(Csv, ASeparatorLineNamesTheDelimiter) {
  EXPECT_EQ(csv_separator_line("sep=,"), ',');
  EXPECT_EQ(csv_separator_line("\xEF\xBB\xBFSEP=;\r"), ';');
  EXPECT_EQ(csv_separator_line("\"sep=|\""), '|');
  EXPECT_EQ(csv_separator_line("sep=\t"), '\t');
  for (const char* other : {"sep", "sep,name", "separator=;", "a=;"})
    EXPECT_FALSE(csv_separator_line(other)) << other;
}

}  // namespace
}  // namespace film

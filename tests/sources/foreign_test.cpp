// Files that are not read are named by kind, with the way out; what film wrote is no input.
#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "film/sources/files.h"

namespace film::sources {
namespace {

using support::failure_of;
using support::TempFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using std::string_literals::operator""s;

const FileFilter kAll = {{".txt", ".md"}, {FileKind::jsonl, FileKind::csv, FileKind::tsv}};

FileList list(const fs::path& input) { return list_files({input}, kAll, "inputs"); }

struct Kind {
  std::string name, content, kind, way_out;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"thesis.PDF", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", "PDF", "pdftotext -raw thesis.PDF thesis.txt"},
      {"really.txt", "%PDF-1.4\n1 0 obj\n", "PDF", "pdftotext -raw really.txt"},
      {"letter.docx", "PK\x03\x04....[Content_Types].xml....word/document.xml", "DOCX", "pandoc -t plain"},
      {"questions.csv", "PK\x03\x04....xl/workbook.xml....", "XLSX", "CSV (UTF-8)"},
      {"novel.epub", "PK\x03\x04....mimetypeapplication/epub+zip", "EPUB", "pandoc"},
      {"talk.odt", "PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text", "ODT", "pandoc"},
      {"texts.zip", "PK\x03\x04....a.txt", "zip", "unzip texts.zip -d texts"},
      {"rows.jsonl", "PAR1" + std::string(40, '\x15') + "PAR1", "Parquet", "read_parquet('rows.jsonl')"},
      {"shard.arrow", "ARROW1\0\0...."s, "Arrow", "read_feather"},
      {"page.htm", "<p>Words</p>", "HTML", "pandoc"},
      {"scan.jpeg", "\xFF\xD8\xFF\xE0....", "image", "tesseract scan.jpeg scan"},
      {"old.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "old Office", "libreoffice"},
      {"notes.rtf", "{\\rtf1 words}", "RTF", "pandoc"},
      {"app.db", "SQLite format 3\0...."s, "SQLite", "sqlite3 -csv"},
      {"work.ipynb", "{\"cells\": []}", "Jupyter notebook", "nbconvert"},
      {"wide.txt", "w\0o\0r\0d\0s\0\n\0"s, "UTF-16LE without",
       "iconv -f UTF-16LE -t UTF-8 wide.txt > wide.utf8.txt"},
      {"wide.csv", "\0i\0d\0,\0t"s, "UTF-16BE without", "iconv -f UTF-16BE"},
      {"wider.jsonl", "\xFF\xFE\0\0{\0\0\0"s, "UTF-32", "iconv -f UTF-32"}};
  return all;
}

TEST(Foreign, NamedFilesAreRefusedByKind) {
  const TempFolder folder;
  for (const Kind& k : kinds()) {
    const fs::path file = folder.put(k.name, k.content);
    EXPECT_THAT(failure_of([&] { list(file); }),
                AllOf(HasSubstr("65 inputs: "), HasSubstr(" is " + k.kind),
                      HasSubstr("which film does not read"), HasSubstr(k.way_out)))
        << k.name;
  }
}

TEST(Foreign, InFoldersAreCountedAndNamed) {
  const TempFolder folder;
  folder.put("d/good.txt", "words");
  for (const Kind& k : kinds()) folder.put("d/" + k.name, k.content);
  const FileList found = list(folder / "d");
  EXPECT_EQ(found.files.size(), 1u);
  EXPECT_EQ(found.passed_over.size(), kinds().size());
  const std::string text = passed_over_text(found);
  for (const char* part : {"18 passed over (", "2 PDF: d/really.txt, d/thesis.PDF", "1 XLSX: d/questions.csv",
                           "1 HTML: d/page.htm"})
    EXPECT_THAT(text, HasSubstr(part));
  fs::remove(folder / "d/good.txt");
  EXPECT_THAT(failure_of([&] { list(folder / "d"); }),
              AllOf(HasSubstr("66 inputs: no file to read"), HasSubstr("18 passed over"),
                    HasSubstr("to have them read: "), HasSubstr("pdftotext -raw")));
}

// Who looks for Python has no use for the text of a web page.
TEST(Foreign, WaysOutAreNamedWhereTextIsTaken) {
  const TempFolder folder;
  folder.put("d/page.html", "<html></html>");
  const auto message = [&](const char* ending) {
    return failure_of([&] { list_files({folder / "d"}, {{ending}, {}}, "source"); });
  };
  EXPECT_THAT(message(".txt"), HasSubstr("pandoc"));
  EXPECT_THAT(message(".py"), AllOf(HasSubstr("1 HTML"), Not(HasSubstr("pandoc"))));
}

// What only speaks of such a file is text.
TEST(Foreign, TextsAboutThemAreTexts) {
  const TempFolder folder;
  for (const char* content :
       {"A file that begins with %PDF- is a PDF.", "PAR1 and PAR2 are archives of parity.",
        "BZhou is a name.", "GIF8 images are old.", "<html> is a tag", "PK\n\3 is a code"})
    EXPECT_EQ(list(folder.put("a.txt", content)).files.size(), 1u) << content;
}

TEST(FilmFolders, AreNoInput) {
  const TempFolder folder;
  folder.put("x/a.txt", "words");
  for (const char* out : {"x/data", "x/deep/run"}) {
    folder.put(out + "/settings.json"s, R"({"film":{},"verb":"synth","result_settings":{}})");
    folder.put(out + "/documents/part-00000.jsonl"s, "{}\n");
  }
  folder.put("x/other/settings.json", R"({"theme":"dark"})");
  folder.put("x/torn/settings.json", R"({"film":)");
  const FileList found = list(folder / "x");
  std::vector<std::string> names;
  for (const SourceFile& file : found.files) names.push_back(file.name);
  EXPECT_THAT(names, ElementsAre("x/a.txt", "x/other/settings.json", "x/torn/settings.json"));
  EXPECT_THAT(passed_over_text(found), HasSubstr("2 written by film: x/data/, x/deep/run/"));
  EXPECT_THAT(failure_of([&] { list(folder / "x/data"); }), HasSubstr("is a folder that film wrote"));
}

}  // namespace
}  // namespace film::sources

// Documents with marks around their text: what people's own tools write (tests/golden/make_documents.py), and what is broken.
#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "../support/zip.h"
#include "film/base/strings.h"
#include "film/sources/rows.h"
#include "read_document.h"
#include "sources/documents/converter.h"
#include "sources/documents/pdf_text.h"

namespace film::sources {
namespace {

using support::failure_of;
using support::TempFolder;
using support::zip;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using enum FileKind;

fs::path fixture(const std::string& name) { return support::test_data() / "documents" / name; }

struct Good {
  std::string name, begins, title, notes;
  std::vector<std::string> holds, lacks;
};

void expect_good(const std::vector<Good>& cases) {
  for (const Good& c : cases) {
    const Read found = read(fixture(c.name));
    EXPECT_EQ(found.fault, "") << c.name << ": " << found.detail;
    EXPECT_THAT(found.text, StartsWith(c.begins)) << c.name;
    EXPECT_EQ(found.title, c.title) << c.name;
    EXPECT_EQ(found.notes, c.notes) << c.name;
    for (const std::string& part : c.holds) EXPECT_THAT(found.text, HasSubstr(part)) << c.name;
    for (const std::string& part : c.lacks) EXPECT_THAT(found.text, Not(HasSubstr(part))) << c.name;
  }
}

TEST(Documents, HtmlIsWhatAReaderSees) {
  expect_good({{"page.html",
                "## Times\n\nThe ferry to Lornholm leaves",
                "Ferry times",
                "no_break_blank soft_hyphen",
                {"piano tuner.\nIt waits for nobody.", "salt\nmail", "Ada\tsix\nMol\tnine",
                 "  two blanks\n    four", "software & salt water"},
                {"Home", "hidden", "not seen", "color"}},
               {"latin1.html", "Die Fähre überquert den Fluß", "Fähre", "", {"heißt Ümit."}, {}},
               {"gb.html", "# 渡船\n\n渡船每天早上六点开出。", "", "", {"守塔人"}, {}},
               {"docutils.html",
                "# Ferries\n\n",
                "Ferries",
                "",
                {"## Gulls\n\nThe keeper", "salt", "mail"},
                {"class="}}});
}

TEST(Documents, EpubIsReadInTheOrderOfItsSpine) {
  expect_good({{"ferry.epub",
                "# Morning\n\nThe ferry to Lornholm",
                "The Ferry",
                "",
                {"gulls.\n\n# Evening\n\nThe keeper"},
                {"Home"}},
               {"order.epub",
                "# First\n\nThis is read first.\n\n# Last\n\nThis is read last.",
                "Out of Order",
                "no_break_blank",
                {},
                {}},
               {"zh.epub", "# 第一章\n\n渡船每天早上六点开出。船上有邮件", "渡船", "", {"# 第二章"}, {}}});
}

TEST(Documents, DocxHasHeadingsByStyle) {
  expect_good({{"report.docx",
                "# Report\n\n# Morning\n\nThe ferry",
                "Ferry report",
                "",
                {"\n\nSalt\n\nMail\n\n## Evening\n\nThe keeper"},
                {}},
               {"table.docx", "Ship\tHour\nAda\tsix\n\nSeen.\n\nDie Fähre", "", "", {}, {"Unseen"}},
               {"zh.docx", "# 渡船\n\n渡船每天", "", "", {"one\ttwo\nthree"}, {}}});
}

TEST(Documents, OdtHasHeadingsByLevel) {
  expect_good({{"notes.odt",
                "# Morning\n\nThe ferry  leaves\nat six.\n\nThe keeper",
                "Ferry notes",
                "footnotes_left_out",
                {},
                {"snows"}},
               {"table.odt", "Ship\tHour\nAda\tsix\n\nDie Fähre", "", "", {}, {}},
               {"docutils.odt", "Ferries", "Ferries", "", {"Gulls\n\nThe keeper"}, {}}});
}

TEST(Documents, PdfLinesBecomeParagraphs) {
  if (!find_program("pdftotext")) GTEST_SKIP() << "no pdftotext (Debian: poppler-utils)";
  expect_good(
      {{"groff.pdf",
        "A mill-owner at the upper weir kept a ledger in which every loaf",
        "",
        "",
        {"by the flood.\n\nThe ferry to Lornholm leaves at six. It carries mail, salt and a well-known piano",
         "tuner. A mill-owner at the upper weir"},
        {"mill-own-", "mill-own er", "mill-own\n"}},
       {"columns.pdf", "A mill-owner at the upper weir", "Two columns", "", {"flood. A mill-owner"}, {"\n"}},
       {"zh.pdf",
        "渡船每天早上六点开出。船上有邮件、盐和一位钢琴调音师。守塔人",
        "untitled",
        "",
        {},
        {" "}}});
  const Read ledger = read(fixture("ledger.pdf"));
  EXPECT_THAT(ledger.text,
              AllOf(Not(HasSubstr("The Ledger of the Valley")), Not(HasSubstr("page 1")),
                    HasSubstr("\n\n# Chapter 6\n\n"), HasSubstr("flood.\n\nSecond. A mill-owner")));
  EXPECT_EQ(ledger.title, "The Ledger");
}

// Lines of type 10, and one block that may be a heading.
std::vector<PdfPage> page_with(const std::vector<std::string>& lines, double size) {
  const auto block = [](const std::vector<std::string>& texts, double height, double top) {
    PdfBlock made{72, 400, top, top + height, {}};
    for (const std::string& text : texts) made.lines.push_back({72, 400, top, top + height, 20, text});
    return made;
  };
  const std::vector<std::string> body(12,
                                      "The keeper writes down every ship that comes to the island today.");
  return {{800, {block(body, 10, 100), block(lines, size, 300), block(body, 10, 400)}}};
}

TEST(Documents, HeadingsOfAPdfAreToldByTheirSize) {
  const auto text = [](const std::vector<PdfPage>& pages) {
    std::set<RowNote> notes;
    return pdf_text(pages, notes);
  };
  for (const char* title : {"Evening", "4 The gulls", "渡船的早晨"})
    EXPECT_THAT(text(page_with({title}, 13)), HasSubstr("\n\n# " + std::string(title) + "\n\n")) << title;
  EXPECT_THAT(text(page_with({"Of gulls", "and mail"}, 14)), HasSubstr("\n\n# Of gulls and mail\n\n"));
  for (const char* other : {"T", "4", "— 3 —"})
    EXPECT_THAT(text(page_with({other}, 30)), Not(HasSubstr("# "))) << other;
  EXPECT_THAT(text(page_with({"Evening"}, 11)), Not(HasSubstr("# ")));
  EXPECT_THAT(text(page_with({std::string(101, 'a')}, 20)), Not(HasSubstr("# ")));
  EXPECT_THAT(text(page_with({"a b", "c d", "e f", "g h"}, 20)), Not(HasSubstr("# ")));
  std::vector<PdfPage> two = page_with({"The book"}, 24);
  two.push_back(page_with({"A chapter"}, 14).front());
  EXPECT_THAT(text(two), AllOf(HasSubstr("# The book\n"), HasSubstr("\n## A chapter\n")));
}

TEST(Documents, AreToldByContentWhateverTheirName) {
  const TempFolder folder;
  const auto kind = [&](const std::string& from, const std::string& name) {
    fs::copy_file(fixture(from), folder / name);
    return name_of(list_files({folder / name}, kAll, "inputs").files[0].kind);
  };
  EXPECT_EQ(kind("page.html", "page.txt"), "html");
  EXPECT_EQ(kind("ferry.epub", "book.zip"), "epub");
  EXPECT_EQ(kind("report.docx", "report"), "docx");
  EXPECT_EQ(kind("notes.odt", "notes.md"), "odt");
  EXPECT_EQ(kind("ledger.pdf", "ledger.csv"), "pdf");
  std::vector<std::string> in_folder;
  for (const SourceFile& file : list_files({folder.path()}, kAll, "inputs").files)
    in_folder.push_back(name_of(file.kind));
  EXPECT_THAT(in_folder, ElementsAre("epub", "pdf", "odt", "html", "docx"));
}

struct Bad {
  std::string name, content, fault, detail;
};

void expect_bad(const std::vector<Bad>& cases) {
  const TempFolder folder;
  for (const Bad& c : cases) {
    const Read found = read(folder.put(c.name, c.content));
    EXPECT_EQ(found.fault, c.fault) << c.name << ": " << found.text.substr(0, 100);
    EXPECT_THAT(found.detail, HasSubstr(c.detail)) << c.name;
  }
}

TEST(Documents, DamagedOnesAreCountedByReason) {
  const auto half = [](const std::string& name) {
    const std::string whole = read_file(fixture(name));
    return whole.substr(0, whole.size() / 2);
  };
  expect_bad(
      {{"cut.epub", half("ferry.epub"), "damaged", "table of members is missing"},
       {"cut.docx", half("report.docx"), "damaged", "table of members is missing"},
       {"cut.odt", half("notes.odt"), "damaged", "table of members is missing"},
       {"named.epub", "only a name", "damaged", "no whole zip archive"},
       {"named.docx", "", "damaged", "no whole zip archive"},
       {"empty.odt", zip({}), "damaged", "content.xml is missing"},
       {"broken.docx", zip({{"word/document.xml", "<w:document><w:p>"}}), "damaged", "not well-formed"},
       {"deep.docx",
        zip({{"word/document.xml",
              [] {
                std::string deep;
                for (int i = 0; i < 30'000; ++i) deep += "<w:p>";
                return deep;
              }()}}),
        "damaged", "not well-formed"},
       {"nowhere.epub", book({{"META-INF/container.xml", "<container/>"}}), "damaged", "names no package"},
       {"hollow.epub", book({{"OPS/a.xhtml", ""}, {"OPS/b.xhtml", ""}}), "damaged",
        "OPS/a.xhtml is missing"}});
}

TEST(Documents, EncryptedAndTooLargeOnesAreCountedToo) {
  const std::string zeros(11 << 20, '0'), odt = "application/vnd.oasis.opendocument.text";
  expect_bad(
      {{"drm.epub", book({{"META-INF/encryption.xml", "<e><CipherReference URI='OPS/b.xhtml'/></e>"}}),
        "encrypted", "OPS/b.xhtml"},
       {"secret.odt",
        zip({{"META-INF/manifest.xml", "<m:encryption-data/>"}, {"content.xml", "?"}, {"mimetype", odt}}),
        "encrypted", "password"},
       {"bomb.docx", zip({{"word/document.xml", zeros}}), "too_large", "unpacks to more than"},
       {"bomb.odt", zip({{"content.xml", zeros}, {"mimetype", odt}}), "too_large", "unpacks to more than"},
       {"bomb.epub", book({{"OPS/a.xhtml", zeros}}), "too_large", "unpacks to more than"}});
}

TEST(Documents, ADamagedChapterIsLeftOutAndNoted) {
  const TempFolder folder;
  std::string bent = book({});
  bent[bent.find("alpha") == std::string::npos ? bent.find("OPS/a.xhtml") + 20 : bent.find("alpha")] ^= 1;
  for (const std::string& content :
       {bent, book({{"OPS/a.xhtml", ""}}), book({{"OPS/a.xhtml", "<p>\xE9</p>"}})}) {
    const Read found = read(folder.put("b.epub", content));
    EXPECT_EQ(found.text, "beta");
    EXPECT_EQ(found.notes, "lost_part");
  }
  const Read fonts = read(folder.put(
      "f.epub", book({{"META-INF/encryption.xml", "<e><CipherReference URI='OPS/font.otf'/></e>"}})));
  EXPECT_EQ(fonts.text, "alpha\n\nbeta");
}

TEST(Documents, PagesInOtherEncodingsAreConvertedOrRefused) {
  expect_bad(
      {{"a.html", "<!doctype html><p>\xE9t\xE9</p>", "bad_utf8", "declares no other charset"},
       {"b.html", "<!doctype html><meta charset=utf-8><p>\xE9t\xE9</p>", "bad_utf8", "is not UTF-8"},
       {"c.html", "<!doctype html><meta charset='shift_jis'><p>\xFF\xFF</p>", "bad_utf8",
        "declares \"shift_jis\""},
       {"d.html", "<!doctype html><meta charset='no-such'><p>\xE9</p>", "bad_utf8", "declares \"no-such\""}});
}

// A PDF of one page with that stream of operators and that font.
std::string small_pdf(const std::string& operators, const std::string& font) {
  std::string pdf = "%PDF-1.4\n";
  std::vector<std::size_t> places;
  for (const std::string& object :
       {std::string("<</Type/Catalog/Pages 2 0 R>>"), std::string("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        std::string("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 "
                    "R>>>>>>"),
        "<</Length " + std::to_string(operators.size()) + ">>stream\n" + operators + "\nendstream", font}) {
    places.push_back(pdf.size());
    pdf += std::to_string(places.size()) + " 0 obj\n" + object + "\nendobj\n";
  }
  const std::size_t table = pdf.size();
  pdf += "xref\n0 6\n0000000000 65535 f \n";
  for (const std::size_t at : places)
    pdf += std::string(10 - std::to_string(at).size(), '0') + std::to_string(at) + " 00000 n \n";
  return pdf + "trailer<</Size 6/Root 1 0 R>>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

TEST(Documents, PdfsWithoutReadableTextAreCountedByReason) {
  if (!find_program("pdftotext")) GTEST_SKIP() << "no pdftotext (Debian: poppler-utils)";
  EXPECT_EQ(read(fixture("locked.pdf")).fault, "encrypted");
  EXPECT_EQ(read(fixture("scan.pdf")).fault, "scanned");
  const std::string own =
      "<</Type/Font/Subtype/Type1/BaseFont/Odd/Encoding<</Differences[65/uniE000/uniE001/uniE002]>>>>";
  const std::string words = "BT /F 12 Tf 72 700 Td (ABCABCABCABCABC ABCABCABCABC) Tj ET";
  const std::string plain = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
  expect_bad({{"own.pdf", small_pdf(words, own), "garbled", "fonts do not say"},
              {"blank.pdf", small_pdf("", plain), "scanned", "1 of 1 pages"},
              {"good.pdf", small_pdf(words, plain), "", ""},
              {"cut.pdf", small_pdf(words, plain).substr(0, 30), "damaged", "pdftotext:"},
              {"mark.pdf", "%PDF-1.7\nnothing else", "damaged", "pdftotext:"}});
}

TEST(Documents, AZipThatIsNoneIsNamedAsAZip) {
  const TempFolder folder;
  for (const char* name : {"a.epub", "b.docx", "c.odt"})
    EXPECT_THAT(failure_of([&] {
                  read(folder.put(name, zip({{"readme.txt", "words"}})));
                }),
                AllOf(HasSubstr("65 inputs: "), HasSubstr("is zip, which film does not read")))
        << name;
}

}  // namespace
}  // namespace film::sources

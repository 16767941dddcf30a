// Which files stand behind the inputs, and what is passed over.
#include "film/sources/files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "film/base/error.h"

namespace film::sources {
namespace {

using support::gzip;
using support::TempFolder;
using support::zstd;
using testing::ElementsAre;
using testing::HasSubstr;

const FileFilter kAll = {{".txt", ".md"}, {FileKind::jsonl, FileKind::csv, FileKind::tsv}};

FileList list(const fs::path& input, const FileFilter& filter = kAll) {
  return list_files({input}, filter, "inputs");
}

std::vector<std::string> names(const FileList& found) {
  std::vector<std::string> all;
  for (const SourceFile& file : found.files) all.push_back(file.name + " " + name_of(file.kind));
  return all;
}

std::vector<std::string> passed_over(const FileList& found) {
  std::vector<std::string> all;
  for (const FileList::Left& left : found.passed_over) all.push_back(left.name + " " + name_of(left.reason));
  return all;
}

TEST(ListFiles, TellsKindsByEndingsInAnyCase) {
  const TempFolder folder;
  for (const char* name : {"d/a.TXT", "d/b.Md", "d/c.JSONL", "d/d.ndjson", "d/e.CSV.GZ", "d/f.tsv.zst",
                           "d/g.tab", "d/h.json", "d/i.png", "d/txt", "d/j.txt.bak"})
    folder.put(name, "text");
  const FileList found = list(folder / "d");
  EXPECT_THAT(names(found),
              ElementsAre("d/a.TXT text", "d/b.Md markdown", "d/c.JSONL jsonl", "d/d.ndjson jsonl",
                          "d/e.CSV.GZ csv", "d/f.tsv.zst tsv", "d/g.tab tsv", "d/h.json jsonl"));
  EXPECT_THAT(passed_over(found),
              ElementsAre("d/i.png another ending", "d/j.txt.bak another ending", "d/txt another ending"));
  EXPECT_THAT(names(list(folder / "d", {{}, {FileKind::csv}})), ElementsAre("d/e.CSV.GZ csv"));
}

// A name tells by its ending alone: what stands elsewhere in the path does not count.
TEST(ListFiles, IgnoresEndingsInsideThePath) {
  const TempFolder folder;
  folder.put("my.jsonl.d/a.csv.txt", "plain text");
  EXPECT_THAT(names(list(folder / "my.jsonl.d")), ElementsAre("my.jsonl.d/a.csv.txt text"));
  EXPECT_THAT(names(list(folder / "my.jsonl.d/a.csv.txt")), ElementsAre("a.csv.txt text"));
}

TEST(ListFiles, TellsNamedFilesByContentWhereTheEndingDoesNot) {
  const TempFolder folder;
  EXPECT_THAT(names(list(folder.put("dump", "\xEF\xBB\xBF \n {\"a\":1}\n"))), ElementsAre("dump jsonl"));
  EXPECT_THAT(names(list(folder.put("packed.dat", gzip("{\"a\":1}\n")))), ElementsAre("packed.dat jsonl"));
  EXPECT_THAT(names(list(folder.put("book", "Once upon a time"))), ElementsAre("book text"));
  EXPECT_THAT(names(list(folder.put("odd.csv", "{\"a\":1}\n"))), ElementsAre("odd.csv jsonl"));
  EXPECT_THAT(names(list(folder.put("d/odd.csv", "{\"a\":1}\n").parent_path())),
              ElementsAre("d/odd.csv jsonl"));
  EXPECT_THAT(names(list(folder.put("code.txt", "{ braces }"))), ElementsAre("code.txt text"));
  const FileFilter rows = {{}, {FileKind::jsonl, FileKind::csv}};
  EXPECT_THAT(names(list(folder.put("table.txt", "a,b\n"), rows)), ElementsAre("table.txt csv"));
}

TEST(ListFiles, TellsCompressionByContent) {
  const TempFolder folder;
  EXPECT_EQ(list(folder.put("a.txt.gz", "not packed at all")).files[0].compression, Compression::none);
  EXPECT_EQ(list(folder.put("b.txt", gzip("text"))).files[0].compression, Compression::gzip);
  EXPECT_EQ(list(folder.put("c.txt", zstd("text"))).files[0].compression, Compression::zstd);
  EXPECT_EQ(list(folder.put("d.txt", "")).files[0].compression, Compression::none);
}

TEST(ListFiles, AreInOrderUnderNamesThatDoNotDependOnThePlace) {
  const TempFolder folder;
  for (const char* name : {"docs/b.txt", "docs/a/z.txt", "docs/a.md", "docs/c.png", "docs/.hidden.txt",
                           "docs/.git/x.txt", "docs/d.json.gz"})
    folder.put(name, "x");
  const FileList found = list(folder / "docs/");
  EXPECT_THAT(names(found), ElementsAre("docs/a.md markdown", "docs/a/z.txt text", "docs/b.txt text",
                                        "docs/d.json.gz jsonl"));
  EXPECT_THAT(passed_over(found),
              ElementsAre("docs/.git/ hidden", "docs/.hidden.txt hidden", "docs/c.png another ending"));
  EXPECT_EQ(passed_over_text(found),
            "3 passed over (2 hidden: docs/.git/, docs/.hidden.txt; 1 another ending: docs/c.png)");
}

TEST(ListFiles, FollowsLinksOnceAndOutOfCircles) {
  const TempFolder folder;
  folder.put("data/real/a.txt", "a");
  folder.put("outside/b.txt", "b");
  fs::create_directory_symlink(folder / "data", folder / "data/real/up");     // a circle
  fs::create_directory_symlink(folder / "data/real", folder / "data/again");  // listed anyway
  fs::create_directory_symlink(folder / "outside", folder / "data/first");    // elsewhere
  fs::create_directory_symlink(folder / "outside", folder / "data/second");   // elsewhere, twice
  fs::create_directory_symlink(folder.path(), folder / "outside/top");        // around everything
  fs::create_symlink(folder / "outside/b.txt", folder / "data/link.txt");
  fs::create_symlink(folder / "nowhere.txt", folder / "data/broken.txt");
  const FileList found = list(folder / "data");
  EXPECT_THAT(names(found),
              ElementsAre("data/first/b.txt text", "data/link.txt text", "data/real/a.txt text"));
  EXPECT_THAT(
      passed_over(found),
      ElementsAre("data/again/ folder listed before", "data/broken.txt broken link",
                  "data/first/top/data/ folder listed before", "data/first/top/outside/ folder listed before",
                  "data/real/up/ folder listed before", "data/second/ folder listed before"));
}

TEST(ListFiles, PassesOverWhatIsNotAFile) {
  const TempFolder folder;
  folder.put("data/a.txt", "a");
  ASSERT_EQ(::mkfifo((folder / "data/pipe.txt").c_str(), 0600), 0);
  EXPECT_THAT(passed_over(list(folder / "data")), ElementsAre("data/pipe.txt not a file"));
}

TEST(ListFiles, CountsAFolderThatCannotBeReadAndRefusesSuchAFile) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TempFolder folder;
  folder.put("data/a.txt", "a");
  fs::permissions(folder.put("data/locked/b.txt", "b").parent_path(), fs::perms::none);
  EXPECT_THAT(passed_over(list(folder / "data")), ElementsAre("data/locked/ unreadable"));
  fs::permissions(folder.put("data/secret.txt", "s"), fs::perms::none);
  EXPECT_THAT([&] { list(folder / "data"); },
              ::testing::Throws<Error>(::testing::Property(&Error::code, ExitCode::denied)));
  fs::permissions(folder / "data/locked", fs::perms::owner_all);
}

TEST(ListFiles, MissingAndEmptyInputsAreErrors) {
  const TempFolder folder;
  const auto error_of = [](const fs::path& input) { return support::failure_of([&] { list(input); }); };
  EXPECT_THAT(error_of(folder / "nothing"), HasSubstr("66 inputs: there is no file or folder"));
  folder.put("docs/x.png", "x");
  EXPECT_THAT(error_of(folder / "docs"), HasSubstr("66 inputs: no file to read in"));
  EXPECT_THAT(error_of(folder / "docs"), HasSubstr(".txt, .md, .jsonl, .csv, .tsv"));
  EXPECT_THAT(error_of(folder / "docs"), HasSubstr("1 passed over (1 another ending: docs/x.png)"));
}

TEST(ListingHash, ChangesWithNamesAndSizes) {
  const TempFolder folder;
  folder.put("d/a.txt", "one");
  const std::string before = listing_sha256(list(folder / "d").files);
  folder.put("d/a.txt", "two");
  EXPECT_EQ(listing_sha256(list(folder / "d").files), before);
  folder.put("d/a.txt", "three");
  EXPECT_NE(listing_sha256(list(folder / "d").files), before);
}

}  // namespace
}  // namespace film::sources

// Corpus files -> documents: every container gives the same, and what is bad is counted with its reason.
#include "corpus/documents.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "film/base/error.h"
#include "film/corpus/build.h"

namespace film::corpus {
namespace {

using support::error_of;
using support::gzip;
using support::TempFolder;
using support::zstd;
using testing::ElementsAre;
using testing::HasSubstr;

CorpusSettings settings_for(const std::vector<fs::path>& inputs) {
  CorpusSettings settings;
  for (const fs::path& input : inputs) settings.inputs.push_back(input.string());
  return settings;
}

Documents read_all(const CorpusSettings& settings) {
  const std::vector<sources::SourceFile> files = list_corpus_files(settings);
  sources::SourceReader reader(files);
  Documents all;
  for (std::size_t i = 0; const auto raw = reader.pull(i); ++i) {
    Documents batch = read_documents(*raw, files, settings);
    for (Document& document : batch.documents) all.documents.push_back(std::move(document));
    all.files.insert(all.files.end(), batch.files.begin(), batch.files.end());
    all.rejected.insert(all.rejected.end(), batch.rejected.begin(), batch.rejected.end());
    for (const auto& [reason, count] : batch.noted) all.noted[reason] += count;
  }
  return all;
}

std::vector<std::string> texts(const Documents& batch) {
  std::vector<std::string> found;
  for (const Document& document : batch.documents) found.push_back(document.text);
  return found;
}

TEST(Reader, AllContainersGiveTheSameDocuments) {
  const TempFolder folder;
  std::string lines, plain;
  std::vector<std::string> expected;
  for (int i = 1; i <= 500; ++i) {
    expected.push_back("Document " + std::to_string(i) + "\nsecond line é " +
                       std::string(static_cast<std::size_t>(i), 'x'));
    lines += to_line(Json{{"text", expected.back()}, {"url", "u" + std::to_string(i)}}) + "\n";
    char name[32];
    std::snprintf(name, sizeof name, "t/%04d.txt", i);
    folder.put(name, expected.back() + "\n");
  }
  const std::vector<fs::path> containers = {folder.put("a.jsonl", lines),
                                            folder.put("b.json.gz", gzip(lines)),
                                            folder.put("c.jsonl.zst", zstd(lines)),
                                            folder.put("crlf.jsonl",
                                                       [&] {
                                                         std::string crlf;
                                                         for (const char c : lines)
                                                           crlf += c == '\n' ? "\r\n" : std::string(1, c);
                                                         return crlf;
                                                       }()),
                                            folder / "t"};
  for (const fs::path& container : containers) {
    const Documents batch = read_all(settings_for({container}));
    EXPECT_EQ(texts(batch), expected) << container;
    EXPECT_TRUE(batch.rejected.empty()) << container;
  }
  const Documents jsonl = read_all(settings_for({folder / "b.json.gz"}));
  EXPECT_EQ(jsonl.documents[7].title, "u8");
  EXPECT_EQ(jsonl.documents[7].line, 8u);
  EXPECT_EQ(jsonl.documents[7].source, "b.json.gz");
}

TEST(Reader, TablesAreCorporaToo) {
  const TempFolder folder;
  folder.put("t/a.csv", "id,text,title\n1,\"first, with a comma\",One\n2,  ,\n3\n");
  folder.put("t/b.TSV", "text\turl\nsecond\tu2\n");
  folder.put("t/c.csv", "id,body\n1,x\n2,y\n");
  const Documents read = read_all(settings_for({folder / "t"}));
  EXPECT_THAT(texts(read), ElementsAre("first, with a comma", "second"));
  EXPECT_EQ(read.documents[0].title, "One");
  EXPECT_EQ(read.documents[1].title, "u2");
  EXPECT_EQ(read.documents[0].line, 2u);
  std::vector<std::string> rejected;
  for (const RejectedRow& row : read.rejected) rejected.push_back(row.where + " " + row.reason);
  EXPECT_THAT(rejected, ElementsAre("t/a.csv:3 empty", "t/a.csv:4 cell_count", "t/c.csv:1 no_text_field"));
}

TEST(Reader, BatchesOfABigFileKeepLineNumbers) {
  const TempFolder folder;
  std::string lines;
  const std::string padding(5000, 'x');
  for (int i = 1; i <= 1000; ++i) lines += to_line(Json{{"text", std::to_string(i) + " " + padding}}) + "\n";
  const auto settings = settings_for({folder.put("big.jsonl", lines)});
  const Documents batch = read_all(settings);
  ASSERT_EQ(batch.documents.size(), 1000u);
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(batch.documents[i].line, i + 1);
    EXPECT_TRUE(batch.documents[i].text.starts_with(std::to_string(i + 1) + " "));
  }
  const auto files = list_corpus_files(settings);
  sources::SourceReader reader(files);
  EXPECT_LT(read_documents(*reader.pull(0), files, settings).documents.size(), 300u);  // about 1 MiB
}

TEST(Reader, BadLinesAreCountedWithTheirReason) {
  const TempFolder folder;
  const std::string lines =
      "{\"text\":\"good\"}\n"
      "{\"text\":\"broken\"\n"
      "{\"text\":\"bad \xff utf-8\"}\n"
      "[1,2]\n"
      "{\"body\":\"no text\"}\n"
      "{\"text\":17}\n"
      "{\"text\":\"  \\n \"}\n"
      "\n"
      "{\"text\":\"lone \\ud800 surrogate\"}\n"
      "{\"text\":\"last\"}";
  const Documents batch = read_all(settings_for({folder.put("x.jsonl", lines)}));
  EXPECT_THAT(texts(batch), ElementsAre("good", "lone \uFFFD surrogate", "last"));
  std::vector<std::string> rejected;
  for (const RejectedRow& row : batch.rejected) rejected.push_back(row.where + " " + row.reason);
  EXPECT_THAT(rejected, ElementsAre("x.jsonl:2 bad_json", "x.jsonl:3 bad_utf8", "x.jsonl:4 not_an_object",
                                    "x.jsonl:5 no_text_field", "x.jsonl:6 text_not_a_string",
                                    "x.jsonl:7 empty", "x.jsonl:8 empty"));
  EXPECT_EQ(batch.noted, (std::map<std::string, std::uint64_t>{{"half_surrogate", 1}}));
}

TEST(Reader, BadTextFilesAreCounted) {
  const TempFolder folder;
  folder.put("t/a.txt", "fine");
  folder.put("t/b.txt", "bad \xc3\x28");
  folder.put("t/c.txt", "\n\n  \n");
  folder.put("t/d.txt", "");
  const Documents batch = read_all(settings_for({folder / "t"}));
  EXPECT_THAT(texts(batch), ElementsAre("fine"));
  ASSERT_EQ(batch.rejected.size(), 3u);
  EXPECT_EQ(batch.rejected[0].reason, "bad_utf8");
  EXPECT_EQ(batch.rejected[1].reason, "empty");
  EXPECT_EQ(batch.rejected[2].reason, "empty");
}

TEST(Reader, GitLfsPointersAreNamed) {
  const TempFolder folder;
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n";
  for (const char* name : {"x.jsonl", "t/x.txt"}) {
    folder.put(name, pointer);
    const Error error = error_of([&] { read_all(settings_for({folder / name})); });
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("git-lfs"));
    EXPECT_THAT(error.hint(), HasSubstr("git lfs pull"));
  }
}

TEST(Reader, DamagedArchivesEndTheWork) {
  const TempFolder folder;
  std::string lines;
  Random random(1, "noise");
  for (int i = 0; i < 5000; ++i) lines += to_line(Json{{"text", std::to_string(random.bits())}}) + "\n";
  const std::string packed = gzip(lines), squeezed = zstd(lines);
  folder.put("x.jsonl.gz", packed.substr(0, packed.size() / 2));
  folder.put("x.jsonl.zst", squeezed.substr(0, squeezed.size() / 2));
  for (const char* name : {"x.jsonl.gz", "x.jsonl.zst"})
    EXPECT_EQ(error_of([&] { read_all(settings_for({folder / name})); }).code(), ExitCode::bad_data) << name;
}

TEST(Reader, CleansText) {
  EXPECT_EQ(clean_text("\xEF\xBB\xBF"
                       "a\r\nb\r\n"),
            "a\nb");
  EXPECT_EQ(clean_text("  \n\n   first\n\nlast \n \n"), "   first\n\nlast");
  for (const char* ends : {"one\rtwo\r\rthree\r", "one\r\ntwo\r\n\r\nthree\r\n", "one\r\r\ntwo\n\rthree",
                           "one\ntwo\n\n\xEF\xBB\xBFthree", "\xEF\xBB\xBFone\r\xEF\xBB\xBFtwo\r\rthree"})
    EXPECT_EQ(clean_text(ends), "one\ntwo\n\nthree") << ends;
  EXPECT_EQ(clean_text("no mark at a line's beginning: \xEF\xBB\xBF."),
            "no mark at a line's beginning: \xEF\xBB\xBF.");
  EXPECT_EQ(clean_text("\n"), "");
}

// A model's own sign for a space comes back as one: counted, not silent.
TEST(Reader, CountsTextsThatDoNotComeBackAsTheyAre) {
  const TempFolder folder;
  folder.put("t/meter.txt", "The meter reads \u2581\u2582\u2583 at noon.");
  folder.put("t/plain.txt", "Blocks such as \u2588 stay.");
  folder.put("t/rows.jsonl", "{\"text\":\"\u2581\",\"n\":Infinity}\n{\"text\":\"b\",\"n\":NaN}\n");
  const Documents batch = read_all(settings_for({folder / "t"}));
  EXPECT_EQ(batch.documents.size(), 4u);
  EXPECT_EQ(batch.noted, (std::map<std::string, std::uint64_t>{{"space_mark", 2}, {"lax_json", 2}}));
}

TEST(Files, AreListedInOrderUnderNamesThatDoNotDependOnThePlace) {
  const TempFolder folder;
  for (const char* name : {"docs/b.txt", "docs/a/z.txt", "docs/a.md", "docs/c.png", "docs/.hidden.txt",
                           "docs/.git/x.txt", "docs/d.json.gz"})
    folder.put(name, "x");
  std::vector<std::string> names;
  for (const sources::SourceFile& file : list_corpus_files(settings_for({folder / "docs/"})))
    names.push_back(file.name);
  EXPECT_THAT(names, ElementsAre("docs/a.md", "docs/a/z.txt", "docs/b.txt", "docs/d.json.gz"));
}

TEST(Files, MissingAndEmptyInputsAreErrors) {
  const TempFolder folder;
  EXPECT_EQ(error_of([&] { list_corpus_files(settings_for({folder / "nothing"})); }).code(),
            ExitCode::no_input);
  folder.put("docs/x.png", "x");
  const Error error = error_of([&] { list_corpus_files(settings_for({folder / "docs"})); });
  EXPECT_EQ(error.code(), ExitCode::no_input);
  EXPECT_THAT(error.hint(), HasSubstr("extensions"));
}

TEST(Settings, InputsMayBeOneString) {
  CorpusSettings settings;
  Fields fields;
  settings.describe(fields);
  fields.apply_override("inputs=some/folder");
  EXPECT_THAT(settings.inputs, ElementsAre("some/folder"));
  fields.apply_override("inputs=[\"a\",\"b\"]");
  EXPECT_THAT(settings.inputs, ElementsAre("some/folder", "a", "b"));  // repeated options add up
}

TEST(Settings, RecordsMustFitTogether) {
  const auto problem = [](auto change) {
    CorpusSettings settings;
    settings.inputs = {"x"};
    settings.needles.fraction = 0.5;
    settings.needles.attributes = {{"colour", {"red", "blue"}}, {"animal", {"cow"}}};
    change(settings);
    const Error error = error_of([&] { settings.check(); });
    EXPECT_EQ(error.code(), ExitCode::config);
    return std::string(error.what());
  };
  EXPECT_THAT(problem([](auto& s) { s.needles.attributes.clear(); }), HasSubstr("attributes is empty"));
  EXPECT_THAT(problem([](auto& s) { s.needles.attributes[1].values = {"red"}; }), HasSubstr("\"red\""));
  EXPECT_THAT(problem([](auto& s) { s.needles.attributes[1].name = "colour"; }), HasSubstr("twice"));
  EXPECT_THAT(problem([](auto& s) { s.needles.attributes[1].values.clear(); }), HasSubstr("no values"));
  EXPECT_THAT(problem([](auto& s) {
                s.needles.values_per_needle = 2;
                s.needles.attributes[1].values = {"red"};
              }),
              HasSubstr("has 1 value"));
  EXPECT_THAT(problem([](auto& s) { s.needles.values_per_needle = 50; }),
              HasSubstr("values_per_needle is 50"));
  EXPECT_THAT(problem([](auto& s) { s.needles.sentence = "No value of {attribute}."; }),
              HasSubstr("{value}"));
  EXPECT_THAT(problem([](auto& s) { s.needles.question = "What?"; }), HasSubstr("{attribute}"));
  EXPECT_THAT(problem([](auto& s) { s.split.train = 0.5; }), HasSubstr("add up to 1"));
  EXPECT_THAT(problem([](auto& s) { s.inputs.clear(); }), HasSubstr("inputs"));
}

}  // namespace
}  // namespace film::corpus

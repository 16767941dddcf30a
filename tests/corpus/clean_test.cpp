// A corpus with copies, and with texts that models are evaluated on.
#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/failure.h"
#include "film/base/lines.h"
#include "film/corpus/build.h"
#include "film/corpus/store.h"

namespace film::corpus {
namespace {

using support::random_text;
using support::TempFolder;
using testing::HasSubstr;

CorpusResult build(const CorpusSettings& settings, const fs::path& data, int threads = 1) {
  static const text::Tokenizer tokenizer = text::Tokenizer::load(support::small_model());
  return build_corpus(list_corpus_files(settings), settings, tokenizer, data, 1, threads, 0);
}

std::string text_of(std::uint64_t seed) {
  Random random(seed, "clean");
  return random_text(random, 12);
}

fs::path put_texts(const TempFolder& folder, const std::string& name, const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) lines += to_line(Json{{"text", text}}) + "\n";
  return folder.put(name, lines);
}

std::vector<std::string> rejected(const fs::path& data) {
  std::vector<std::string> rows;
  for_each_record(data / "documents/rejected.jsonl", [&](const Json& row, const std::string&) {
    rows.push_back(row["where"].get<std::string>() + " " + row["reason"].get<std::string>() + " " +
                   row["detail"].get<std::string>());
  });
  return rows;
}

TEST(CleanCorpus, OfCopiesTheFirstStays) {
  const TempFolder folder;
  CorpusSettings settings;
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 40; ++i) texts.push_back(text_of(i));
  texts[7] = texts[3];
  texts[30] = texts[3];
  texts[31] = "\r\n" + texts[5] + "  ";  // the same once it is read
  settings.inputs = {put_texts(folder, "a.jsonl", texts).string()};
  const CorpusResult result = build(settings, folder / "data", 3);
  EXPECT_EQ(result.index.documents(), 37u);
  EXPECT_EQ(result.facts.corpus.left_out, (std::map<std::string, std::uint64_t>{{"duplicate", 3}}));
  EXPECT_TRUE(result.facts.corpus.rejected.empty());
  EXPECT_EQ(rejected(folder / "data"), (std::vector<std::string>{"a.jsonl:8 duplicate of document 3",
                                                                 "a.jsonl:31 duplicate of document 3",
                                                                 "a.jsonl:32 duplicate of document 5"}));
  settings.duplicates.exact = false;
  EXPECT_EQ(build(settings, folder / "all").index.documents(), 40u);
  EXPECT_FALSE(fs::exists(folder / "all/documents/rejected.jsonl"));
}

TEST(CleanCorpus, NearCopiesGoWhereTheyAreAskedFor) {
  const TempFolder folder;
  CorpusSettings settings;
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 30; ++i) texts.push_back(text_of(100 + i));
  texts.push_back(texts[4] + " (updated)");
  settings.inputs = {put_texts(folder, "a.jsonl", texts).string()};
  EXPECT_EQ(build(settings, folder / "exact").index.documents(), 31u);
  settings.duplicates.near = 0.8;
  EXPECT_EQ(build(settings, folder / "near").index.documents(), 30u);
  EXPECT_EQ(rejected(folder / "near"), (std::vector<std::string>{"a.jsonl:31 near_duplicate of document 4"}));
}

TEST(CleanCorpus, EvaluationTextsAreFoundAndNothingElseIsLost) {
  const TempFolder folder;
  CorpusSettings settings;
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 60; ++i) texts.push_back(text_of(200 + i));
  const std::string question = "Which of the eleven lighthouses on that coast was never lit at night?";
  texts[9] += "\n" + question;
  texts[41] = "Preface. which of THE eleven lighthouses on that coast was never lit, they say.\n" + texts[41];
  settings.inputs = {put_texts(folder, "a.jsonl", texts).string()};
  settings.decontaminate.inputs = {
      folder.put("eval/exam.csv", "id,question\n1,\"" + question + "\"\n2,Yes?\n").string()};
  for (const int threads : {1, 4}) {
    const fs::path data = folder / std::to_string(threads);
    const CorpusResult result = build(settings, data, threads);
    EXPECT_EQ(result.index.documents(), 58u);
    EXPECT_EQ(result.facts.corpus.left_out, (std::map<std::string, std::uint64_t>{{"contaminated", 2}}));
    EXPECT_THAT(rejected(data),
                testing::ElementsAre(HasSubstr("a.jsonl:10 contaminated exam.csv:2 (question)"),
                                     HasSubstr("a.jsonl:42 contaminated exam.csv:2 (question)")));
    ASSERT_TRUE(result.facts.corpus.decontamination);
    EXPECT_EQ(result.facts.corpus.decontamination->files.at(0).rows, 2u);
  }
}

// Of a book only the part with the overlap goes, and the parts around it are no neighbours then.
TEST(CleanCorpus, OfACutTextOnlyThePartGoes) {
  const TempFolder folder;
  CorpusSettings settings;
  std::string book;
  for (std::uint64_t i = 0; i < 20; ++i) book += text_of(300 + i) + "\n\n";
  settings.inputs = {folder.put("book.txt", book).string()};
  settings.cut.tokens = 200;
  settings.cut.when = CutWhen::longer;
  const CorpusResult whole = build(settings, folder / "whole");
  const std::string line = "and here stand some words that nobody else would ever have written down";
  settings.inputs = {
      folder.put("other/book.txt", book.replace(book.find("\n", book.size() / 2), 1, "\n" + line + "\n"))
          .string()};
  settings.decontaminate.inputs = {folder.put("exam.txt", line).string()};
  const CorpusResult clean = build(settings, folder / "clean");
  EXPECT_EQ(clean.facts.corpus.left_out->at("contaminated"), 1u);
  EXPECT_NEAR(static_cast<double>(clean.index.documents()), static_cast<double>(whole.index.documents()) - 1,
              1);
  EXPECT_EQ(std::ranges::count(clean.index.continues, false), 2);  // the first, and the one behind the gap
}

TEST(CleanCorpus, ACorpusThatIsMostlyBrokenIsRefused) {
  const TempFolder folder;
  CorpusSettings settings;
  const auto corpus = [&](int good, int broken, int blank) {
    std::string lines;
    for (int i = 0; i < good; ++i)
      lines += to_line(Json{{"text", text_of(500 + static_cast<std::uint64_t>(i))}}) + "\n";
    for (int i = 0; i < broken; ++i) lines += "{\"text\": \n";
    for (int i = 0; i < blank; ++i) lines += "\n";
    settings.inputs = {folder.put("c.jsonl", lines).string()};
    return support::failure_of([&] { build(settings, folder / "data"); });
  };
  EXPECT_EQ(corpus(5, 5, 0), "no error");
  EXPECT_EQ(corpus(3, 0, 40), "no error") << "blank lines are no fault";
  EXPECT_THAT(corpus(5, 6, 9), testing::AllOf(HasSubstr("65 of 11 rows and files 6 are no documents"),
                                              HasSubstr("max_rejected=1")));
  settings.max_rejected = 1;
  EXPECT_EQ(corpus(5, 60, 0), "no error");
  settings.max_rejected = 0;
  EXPECT_THAT(corpus(50, 1, 0), HasSubstr("65 of 51"));
}

TEST(CleanCorpus, ACorpusOfEvaluationTextsIsRefusedWithTheReason) {
  const TempFolder folder;
  CorpusSettings settings;
  settings.inputs = {put_texts(folder, "a.jsonl", {text_of(1)}).string()};
  settings.decontaminate.inputs = {folder.put("exam.txt", text_of(1)).string()};
  EXPECT_THAT(support::failure_of([&] { build(settings, folder / "data"); }),
              testing::AllOf(HasSubstr("66 "), HasSubstr("1 contaminated")));
}

}  // namespace
}  // namespace film::corpus

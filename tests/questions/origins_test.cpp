// Questions of several origins on one DATA folder: people's beside generated ones, for a chosen split, corrected and
// imported again.
#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/small_data.h"
#include "../support/synth_case.h"
#include "film/base/error.h"
#include "film/base/lines.h"
#include "film/folders/question_folders.h"
#include "film/questions/qa.h"

namespace film::questions {
namespace {

using support::code_of;
using support::failure_of;
using support::TempFolder;
using testing::HasSubstr;

// Contexts 0 and 1 of train, 2 of test, 3 of validation; every text is about another trade.
folders::DataFolder write_data(const fs::path& folder) {
  support::SmallData data;
  for (const char* trade : {"potter", "weaver", "smith", "baker", "cooper", "tanner", "miller", "fuller"})
    data.texts.push_back(std::string("In the lower street there lives an old ") + trade +
                         " who is known for work that takes him all of the day and half of the night.");
  const std::vector<Split> splits = {Split::train, Split::train, Split::test, Split::validation};
  for (std::uint32_t i = 0; i < splits.size(); ++i) {
    Context context;
    context.split = splits[i];
    context.segments = {2 * i, 2 * i + 1};
    context.evidence = {0, 1};
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

class Origins : public testing::Test {
 protected:
  QaFacts run(const fs::path& out, QaSettings settings) {
    settings.data = data_.path().string();
    Fields fields;
    settings.describe(fields);
    return write_questions(data_, settings, {out, "qa", fields}, 0);
  }
  QaFacts import(const std::string& name, const std::string& rows, SplitChoice split = SplitChoice::any) {
    QaSettings settings;
    settings.generator = GeneratorKind::import;
    settings.import.file = folder_.put(name, rows).string();
    settings.import.split = split;
    return run(folders::imported_folder(data_.path(), name), settings);
  }
  // "context: reason" of the rows that were not kept.
  std::vector<std::string> rejected(const std::string& name) const {
    std::vector<std::string> found;
    for_each_record(
        data_.path() / "imported" / name / "rejected.jsonl", [&](const Json& row, const std::string&) {
          found.push_back(row.at("question").get<std::string>() + " " + row.at("reason").get<std::string>());
        });
    return found;
  }

  TempFolder folder_;
  folders::DataFolder data_ = write_data(folder_ / "data");
};

TEST_F(Origins, PeoplesQuestionsAreBesideGeneratedOnes) {
  QaSettings offline;
  offline.offline.types = {0, 1, 0};
  const std::uint64_t generated = run(folders::questions_folder(data_.path()), offline).counts.examples.count;
  ASSERT_GT(generated, 0u);
  const std::string before = read_file(data_.path() / "questions/examples.jsonl");
  import("friends.csv", "question,answer,context\nWho lives here?,The potter,0\n");
  import("guild.csv", "question,answer,quote\nWho is old?,The smith,old cooper\n");
  EXPECT_EQ(read_file(data_.path() / "questions/examples.jsonl"), before);
  const std::vector<Example> all = data_.examples();
  ASSERT_EQ(all.size(), generated + 2);
  for (std::uint64_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].id, i);
  EXPECT_EQ(all[generated].questions[0].question, "Who lives here?");
  EXPECT_EQ(all[generated + 1].context, 2u);
}

TEST_F(Origins, AFolderElsewhereIsReadByTheNextCommand) {
  QaSettings offline;
  offline.offline.types = {0, 1, 0};
  run(folder_ / "elsewhere", offline);
  EXPECT_FALSE(data_.has_examples());
  const folders::DataFolder opened(folder_ / "elsewhere");
  EXPECT_EQ(opened.path(), data_.path());
  EXPECT_FALSE(opened.examples().empty());
  // After a move the same command tells where DATA is now; nothing is asked again.
  fs::rename(data_.path(), folder_ / "moved");
  EXPECT_EQ(code_of([&] { folders::DataFolder(folder_ / "elsewhere"); }), ExitCode::no_input);
  const auto written = fs::last_write_time(folder_ / "elsewhere/examples.jsonl");
  data_ = folders::DataFolder(folder_ / "moved");
  run(folder_ / "elsewhere", offline);
  EXPECT_EQ(folders::DataFolder(folder_ / "elsewhere").path(), folder_ / "moved");
  EXPECT_EQ(fs::last_write_time(folder_ / "elsewhere/examples.jsonl"), written);
}

TEST_F(Origins, TheSplitIsChosenByOptionOrByColumn) {
  const auto split_of = [&](const std::string& rows, SplitChoice split) {
    return import("q.csv", rows, split).counts.questions.by_split;
  };
  using Counts = CountByName;
  const std::string by_quote = "question,answer,quote\nWho?,He,an old weaver\nWho?,He,an old tanner\n";
  EXPECT_EQ(split_of(by_quote, SplitChoice::any), (Counts{{"train", 1}, {"test", 1}}));
  EXPECT_EQ(split_of(by_quote, SplitChoice::test), (Counts{{"test", 1}}));
  EXPECT_EQ(rejected("q"), std::vector<std::string>{"Who? other_split"});
  EXPECT_EQ(
      split_of("question,answer,context,split\na,b,0,\nc,d,2,Test\ne,f,3,validation\n", SplitChoice::train),
      (Counts{{"train", 1}, {"test", 1}, {"validation", 1}}));
}

TEST_F(Origins, ARowOfTheWrongSplitSaysSo) {
  const QaFacts facts = import("q.csv",
                               "question,answer,context,quote,split\n"
                               "kept,x,2,,test\n"
                               "wrong context,x,1,,test\n"
                               "wrong quote,x,,old miller,train\n"
                               "no split,x,0,,holdout\n"
                               "no place,x,,old sailor,test\n");
  EXPECT_EQ(facts.counts.questions.count, 1u);
  EXPECT_EQ(rejected("q"), (std::vector<std::string>{"wrong context other_split", "wrong quote other_split",
                                                     "no split bad_split", "no place quote_not_found"}));
  const std::string all_wrong =
      failure_of([&] { import("w.csv", "question,answer,context\nWho?,He,0\n", SplitChoice::validation); });
  EXPECT_THAT(all_wrong, HasSubstr("other_split 1"));
  EXPECT_THAT(all_wrong, HasSubstr("--split"));
}

TEST_F(Origins, TheLogSaysWhichSplitHasNoQuestion) {
  const auto log_of = [&](const std::string& context) {
    testing::internal::CaptureStderr();
    import("q" + context + ".csv", "question,answer,context\nWho?,He," + context + "\n");
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(log_of("1"), HasSubstr("--split test"));
  EXPECT_THAT(log_of("2"), HasSubstr("--split train"));
}

TEST_F(Origins, ACorrectedFileIsImportedAgainInTheSamePlace) {
  import("q.csv", "question,answer,context\nWho?,He,0\n");
  EXPECT_EQ(import("q.csv", "question,answer,context\nWho?,He,0\nWhat?,It,2\n").counts.questions.count, 2u);
  EXPECT_EQ(data_.examples().size(), 2u);
  EXPECT_EQ(import("q.csv", "question,answer,context\nWho?,He,0\n").counts.questions.count, 1u);
  // A try that kept nothing is in nobody's way, and neither is one of another split.
  EXPECT_EQ(code_of([&] { import("r.csv", "question,answer,context\nWho?,He,77\n"); }), ExitCode::bad_data);
  EXPECT_EQ(import("r.csv", "question,answer,context\nWho?,He,1\n").counts.questions.count, 1u);
  EXPECT_EQ(code_of([&] { import("q.csv", "question,answer,context\nWho?,He,0\n", SplitChoice::test); }),
            ExitCode::bad_data);
  EXPECT_EQ(data_.examples().size(), 1u);
}

TEST_F(Origins, AnotherFileOfTheSameNameDoesNotReplaceIt) {
  import("q.csv", "question,answer,context\nWho?,He,0\n");
  make_folder(folder_ / "other");
  EXPECT_THAT(failure_of([&] {
                QaSettings settings;
                settings.generator = GeneratorKind::import;
                settings.import.file =
                    folder_.put("other/q.csv", "question,answer,context\nWhose?,His,1\n").string();
                run(folders::imported_folder(data_.path(), "q.csv"), settings);
              }),
              HasSubstr("--out"));
  EXPECT_EQ(data_.examples().at(0).questions.at(0).question, "Who?");
}

TEST_F(Origins, ATryThatKeptNothingIsFreeToTake) {
  QaSettings none;
  none.offline.types = {0, 1, 0};
  none.offline.min_sentence_words = 55;
  const fs::path out = folders::questions_folder(data_.path());
  EXPECT_EQ(code_of([&] { run(out, none); }), ExitCode::bad_data);
  none.offline.min_sentence_words = 10;
  EXPECT_GT(run(out, none).counts.questions.count, 0u);
  none.offline.min_sentence_words = 11;  // finished: other settings are refused
  EXPECT_EQ(code_of([&] { run(out, none); }), ExitCode::config);
}

}  // namespace
}  // namespace film::questions

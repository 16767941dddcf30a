// film qa as a whole: files, counts, and the same bytes for any number of threads.
#include "film/questions/qa.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "../support/small_data.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/lines.h"

namespace film::questions {
namespace {

using support::hashes;
using support::TempFolder;

// 120 contexts of five segments; segment 1 of each has a record, and every seventh context repeats its value.
folders::DataFolder write_data(const fs::path& folder, std::uint64_t seed = 0) {
  support::SmallData data;
  const Needle river{"river", "amber", "The key of river is amber."};
  for (std::uint32_t id = 0; id < 120; ++id) {
    Random random(id, "source", seed);
    Context context;
    context.split = id < 90 ? Split::train : Split::test;
    context.evidence = {1, 3};
    for (std::uint32_t i = 0; i < 5; ++i) {
      std::string text;
      for (int w = 0; w < 12; ++w) text += (w == 0 ? "Word" : " word") + std::to_string(random.below(1000));
      text += ".";
      if (i == 1) text += " " + river.sentence;
      if (i == 4 && id % 7 == 0) text += " amber";
      context.segments.push_back(5 * id + i);
      data.texts.push_back(text);
    }
    data.needles[5 * id + 1] = river;
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

QaFacts run(const folders::DataFolder& data, const fs::path& out, QaSettings settings,
            std::uint64_t limit = 0) {
  Fields fields;
  settings.describe(fields);
  return write_questions(data, settings, {out, "qa", fields}, limit);
}

TEST(WriteQuestions, ThreadsDoNotChangeABit) {
  const TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  QaSettings settings;
  settings.threads = 1;
  run(data, folder / "one", settings);
  settings.threads = 4;
  run(data, folder / "four", settings);
  EXPECT_EQ(hashes(folder / "one"), hashes(folder / "four"));
  settings.seed = 2;
  run(data, folder / "other", settings);
  EXPECT_NE(hashes(folder / "one"), hashes(folder / "other"));
}

TEST(WriteQuestions, CountsAreWhatTheFilesHold) {
  const TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  QaSettings settings;
  settings.offline.types = {1, 0, 0};  // segment 3 has nothing to ask about
  const QaFacts facts = run(data, folder / "out", settings);
  std::uint64_t questions = 0, examples = 0, rejected = 0, repeated = 0;
  for_each_record(folder / "out/examples.jsonl", [&](const Json& row, const std::string& where) {
    const Example example = from_json<Example>(row, where);
    EXPECT_EQ(example.id, examples++);
    EXPECT_NE(example.context % 7, 0u);
    EXPECT_EQ(example.split, example.context < 90 ? Split::train : Split::test);
    for (const Question& question : example.questions) EXPECT_EQ(question.answer, "amber");
    questions += example.questions.size();
  });
  for_each_record(folder / "out/rejected.jsonl", [&](const Json& row, const std::string&) {
    ++rejected;
    repeated += row.at("reason") == "answer_in_other_segments" ? 1 : 0;
  });
  EXPECT_EQ(repeated, 18u);  // contexts 0, 7, …, 119
  EXPECT_EQ(questions, 102u);
  EXPECT_EQ(rejected, 120u + 18u);
  const QaCounts& counts = facts.counts;
  EXPECT_EQ(counts.questions.count, questions);
  EXPECT_EQ(counts.questions.by_type.at("planted"), questions);
  EXPECT_EQ(counts.examples.count, examples);
  EXPECT_EQ(counts.contexts_without_questions, 120 - examples);
  EXPECT_EQ(counts.rejected.by_reason.at("answer_in_other_segments"), repeated);
  EXPECT_EQ(counts.rejected.by_reason.at("nothing_to_ask"), 120u);
  EXPECT_THAT(qa_summary(facts), testing::HasSubstr("nothing_to_ask"));
  EXPECT_EQ(to_json(run(data, folder / "out", settings)), to_json(facts));  // read from the finished folder
}

TEST(WriteQuestions, AFinishedFolderIsLeftAloneAndOtherInputRefused) {
  const TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  QaSettings settings;
  run(data, folder / "out", settings);
  const auto before = fs::last_write_time(folder / "out/examples.jsonl");
  run(data, folder / "out", settings);
  EXPECT_EQ(fs::last_write_time(folder / "out/examples.jsonl"), before);
  EXPECT_THROW(run(write_data(folder / "other", 1), folder / "out", settings), Error);
  EXPECT_THROW(run(data, folder / "out", settings, 5), Error);
}

TEST(WriteQuestions, AKeyThatIsMissingFromTheManifestIsNamed) {
  const TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  run(data, folder / "out", QaSettings());
  const fs::path file = folder / "out/manifest.json";
  Json manifest = read_json(file);
  manifest.at("questions").erase("by_type");
  write_file(file, to_pretty(manifest));
  Json settings = read_json(folder / "out/settings.json");
  settings.erase("manifest_sha256");  // by which the change itself would be noticed
  write_file(folder / "out/settings.json", to_pretty(settings));
  try {
    run(data, folder / "out", QaSettings());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), testing::HasSubstr(file.string()));
    EXPECT_THAT(error.what(), testing::HasSubstr("questions.by_type"));
  }
}

TEST(WriteQuestions, LimitAsksAboutTheFirstContexts) {
  const TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  EXPECT_EQ(run(data, folder / "out", QaSettings{}, 9).counts.contexts, 9u);
}

TEST(WriteQuestions, NotOneQuestionIsAnError) {
  const TempFolder folder;
  const folders::DataFolder data = write_data(folder / "data");
  QaSettings settings;
  settings.offline.types = {0, 1, 0};
  settings.offline.min_sentence_words = 50;
  try {
    run(data, folder / "out", settings);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), testing::HasSubstr("no_whole_sentence 240"));
  }
}

}  // namespace
}  // namespace film::questions

// film qa as a whole: files, counts, and the same bytes for any number of threads.
#include "film/questions/qa.h"

#include <gmock/gmock.h>

#include "../corpus/support.h"
#include "film/base/error.h"
#include "film/base/lines.h"

namespace film::questions {
namespace {

using testing_corpus::hashes;
using testing_corpus::TempFolder;

// 120 contexts of five segments; segment 1 of each has a record, and every seventh context repeats its value.
QaSource make_source() {
  static const PlantedRecord record{"river", "amber", "The key of river is amber."};
  QaSource source;
  source.contexts = 120;
  source.planted_question = "What is the key of {attribute}?";
  source.identity = "source 1";
  source.read = [](std::uint64_t id) {
    Random random(id, "source");
    ContextMaterial material;
    material.context.id = id;
    material.context.split = id < 90 ? "train" : "test";
    material.context.evidence = {1, 3};
    for (int i = 0; i < 5; ++i) {
      std::string text;
      for (int w = 0; w < 12; ++w) text += (w == 0 ? "Word" : " word") + std::to_string(random.below(1000));
      material.texts.push_back(text + ".");
      material.planted.push_back(i == 1 ? &record : nullptr);
    }
    material.texts[1] += " " + record.sentence;
    if (id % 7 == 0) material.texts[4] += " amber";
    material.context.segments.resize(5);
    return material;
  };
  return source;
}

Json run(const fs::path& out, QaSettings settings, const QaSource& source = make_source(),
         std::uint64_t limit = 0) {
  Fields fields;
  settings.describe(fields);
  return write_questions(source, settings, {out, "qa", fields}, limit);
}

TEST(WriteQuestions, ThreadsDoNotChangeABit) {
  const TempFolder folder;
  QaSettings settings;
  settings.threads = 1;
  const Json one = run(folder / "one", settings);
  settings.threads = 4;
  EXPECT_EQ(run(folder / "four", settings), one);
  EXPECT_EQ(hashes(folder / "one"), hashes(folder / "four"));
  settings.seed = 2;
  run(folder / "other", settings);
  EXPECT_NE(hashes(folder / "one"), hashes(folder / "other"));
}

TEST(WriteQuestions, CountsAreWhatTheFilesHold) {
  const TempFolder folder;
  QaSettings settings;
  settings.types = {1, 0, 0};  // segment 3 has nothing to ask about
  const Json manifest = run(folder / "out", settings);
  std::uint64_t questions = 0, examples = 0, rejected = 0, repeated = 0;
  for_each_record(folder / "out/examples.jsonl", [&](const Json& row, const std::string& where) {
    const Example example = example_from_json(row, where);
    EXPECT_EQ(example.id, examples++);
    EXPECT_NE(example.context % 7, 0u);
    EXPECT_EQ(example.split, example.context < 90 ? "train" : "test");
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
  EXPECT_EQ(manifest.at("questions").at("count"), questions);
  EXPECT_EQ(manifest.at("questions").at("by_type").at("planted"), questions);
  EXPECT_EQ(manifest.at("examples").at("count"), examples);
  EXPECT_EQ(manifest.at("contexts_without_questions"), 120 - examples);
  EXPECT_EQ(manifest.at("rejected").at("by_reason").at("answer_in_other_segments"), repeated);
  EXPECT_EQ(manifest.at("rejected").at("by_reason").at("nothing_to_ask"), 120);
  EXPECT_THAT(qa_summary(manifest), testing::HasSubstr("nothing_to_ask"));
}

TEST(WriteQuestions, AFinishedFolderIsLeftAloneAndOtherInputRefused) {
  const TempFolder folder;
  QaSettings settings;
  run(folder / "out", settings);
  const auto before = fs::last_write_time(folder / "out/examples.jsonl");
  run(folder / "out", settings);
  EXPECT_EQ(fs::last_write_time(folder / "out/examples.jsonl"), before);
  QaSource other = make_source();
  other.identity = "source 2";
  EXPECT_THROW(run(folder / "out", settings, other), Error);
  EXPECT_THROW(run(folder / "out", settings, make_source(), 5), Error);
}

TEST(WriteQuestions, LimitAsksAboutTheFirstContexts) {
  const TempFolder folder;
  EXPECT_EQ(run(folder / "out", QaSettings{}, make_source(), 9).at("contexts"), 9);
}

TEST(WriteQuestions, NotOneQuestionIsAnError) {
  const TempFolder folder;
  QaSettings settings;
  settings.types = {0, 1, 0};
  settings.min_sentence_words = 50;
  try {
    run(folder / "out", settings);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), testing::HasSubstr("no_whole_sentence 240"));
  }
}

}  // namespace
}  // namespace film::questions

// Where the questions of a DATA folder are, and what a folder of questions alone is.
#include "film/folders/question_folders.h"

#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/small_data.h"
#include "../support/synth_case.h"
#include "film/base/error.h"
#include "film/folders/open_folder.h"

namespace film::folders {
namespace {

using support::code_of;
using support::TempFolder;
using testing::ElementsAre;
using testing::Pair;

DataFolder write_data(const fs::path& folder) {
  support::SmallData data;
  data.texts = {"The kiln is cold.", "The loom is old.", "The anvil rings."};
  for (const Split split : {Split::train, Split::train, Split::test}) {
    Context context;
    context.split = split;
    context.segments = {0, 1, 2};
    context.evidence = {1};
    data.contexts.push_back(context);
  }
  return support::write_small_data(folder, data);
}

// One question for each context named, as film qa leaves them; `recorded`: the DATA folder in settings.json.
void write_questions(const fs::path& folder, const std::string& data,
                     const std::vector<std::uint64_t>& contexts, const fs::path& recorded = {}) {
  make_folder(folder);
  std::string lines;
  for (std::uint64_t i = 0; i < contexts.size(); ++i)
    lines += to_line(to_json(Example{i,
                                     contexts[i],
                                     "fine_grained",
                                     contexts[i] == 2 ? Split::test : Split::train,
                                     {{folder.filename().string() + "?", "yes", {1}, Json::object()}}})) +
             "\n";
  write_file(folder / "examples.jsonl", lines);
  write_file(folder / "settings.json",
             to_pretty({{"verb", "qa"}, {"settings", {{"data", recorded.string()}}}}));
  Manifest::write(folder, "manifest.json", {"examples.jsonl"}, {{"kind", "qa"}, {"data", data}});
}

std::vector<std::pair<std::uint64_t, std::string>> questions_of(const DataFolder& data) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  for (const Example& example : data.examples())
    found.emplace_back(example.id, example.questions[0].question);
  return found;
}

TEST(QuestionFolders, AnImportedFileGivesItsFolderTheName) {
  const std::vector<std::pair<const char*, const char*>> cases = {{"experts.csv", "experts"},
                                                                  {"/a/b/round 2.tsv.gz", "round 2"},
                                                                  {"../v1.2.jsonl", "v1.2"},
                                                                  {"问题.csv.zst", "问题"}};
  for (const auto& [file, name] : cases)
    EXPECT_EQ(imported_folder("data", file), fs::path("data/imported") / name) << file;
}

TEST(QuestionFolders, GeneratedOnesComeFirstAndImportedOnesByName) {
  const TempFolder folder;
  const fs::path at = folder / "data";
  const DataFolder data = write_data(at);
  EXPECT_FALSE(data.has_examples());
  EXPECT_THAT(question_folders(at), ElementsAre());
  write_questions(at / "imported/zoe", data.identity(), {2});
  EXPECT_THAT(questions_of(data), ElementsAre(Pair(0, "zoe?")));
  write_questions(at / "imported/adam", data.identity(), {0, 1});
  write_questions(questions_folder(at), data.identity(), {1, 2});
  make_folder(at / "imported/unfinished");
  folder.put("data/imported/note.txt", "not a folder");
  EXPECT_THAT(question_folders(at), ElementsAre(at / "questions", at / "imported/adam", at / "imported/zoe"));
  EXPECT_THAT(questions_of(data), ElementsAre(Pair(0, "questions?"), Pair(1, "questions?"), Pair(2, "adam?"),
                                              Pair(3, "adam?"), Pair(4, "zoe?")));
  EXPECT_EQ(data.examples(Split::test).size(), 2u);
  EXPECT_EQ(data.examples(Split::test)[1].id, 4u);
}

TEST(QuestionFolders, AFolderOfQuestionsIsDataWithTheseAlone) {
  const TempFolder folder;
  const fs::path at = folder / "data";
  const DataFolder data = write_data(at);
  write_questions(at / "questions", data.identity(), {0});
  write_questions(at / "imported/adam", data.identity(), {0, 1});
  write_questions(folder / "elsewhere", data.identity(), {2, 1}, at);
  for (const auto& [questions, count] : std::map<fs::path, std::size_t>{
           {at / "questions", 1}, {at / "imported/adam/", 2}, {folder / "elsewhere", 2}}) {
    const DataFolder opened(questions);
    EXPECT_EQ(opened.path(), at) << questions;
    EXPECT_EQ(opened.examples().size(), count) << questions;
    EXPECT_EQ(std::get<DataFolder>(open_folder(questions)).contexts().size(), 3u) << questions;
  }
}

TEST(QuestionFolders, QuestionsAboutOtherContextsAreRefused) {
  const TempFolder folder;
  const fs::path at = folder / "data";
  const DataFolder data = write_data(at);
  write_questions(at / "questions", std::string(64, '0'), {0});
  EXPECT_EQ(code_of([&] { data.examples(); }), ExitCode::bad_data);
  write_questions(folder / "gone", data.identity(), {0}, folder / "moved");
  write_questions(folder / "unnamed", data.identity(), {0});
  write_questions(folder / "another", std::string(64, '1'), {0}, at);
  for (const char* name : {"gone", "unnamed", "another"})
    EXPECT_EQ(code_of([&] { DataFolder(folder / name); }), ExitCode::no_input) << name;
  fs::rename(at, folder / "moved");
  EXPECT_EQ(code_of([&] { DataFolder(folder / "gone"); }), ExitCode::ok);
}

TEST(QuestionFolders, HashesAreOfEverythingThatIsRead) {
  const TempFolder folder;
  const fs::path at = folder / "data";
  const DataFolder data = write_data(at);
  const auto before = manifest_hashes(at);
  EXPECT_THAT(before, ElementsAre(Pair((at / "manifest.json").string(), data.identity())));
  write_questions(at / "questions", data.identity(), {0});
  EXPECT_EQ(manifest_hashes(at).size(), 2u);
  write_questions(at / "imported/eve", data.identity(), {1});
  const auto with_eve = manifest_hashes(at);
  write_questions(at / "imported/eve", data.identity(), {1, 2});
  EXPECT_EQ(manifest_hashes(at).size(), with_eve.size());
  EXPECT_NE(manifest_hashes(at), with_eve);
}

}  // namespace
}  // namespace film::folders

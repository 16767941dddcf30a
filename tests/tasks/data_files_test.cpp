// Data of benchmarks of lengths, in folders by length.
#include "tasks/data_files.h"

#include <gtest/gtest.h>

#include <set>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/tasks/build.h"

namespace film::tasks {
namespace {

class DataFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(
        folder_ / "long.json",
        R"({"file":"rows.jsonl","lengths":"nolima","columns":{"id":"index","group":"pair"},"metric":"F1"})");
    settings_.task_folders = {folder_.string()};
    settings_.task_data = (folder_ / "data").string();
  }
  void rows(const std::string& name, const std::string& answer) const {
    make_folder((folder_ / name).parent_path());
    std::string text;
    for (int i = 0; i < 4; ++i)
      text +=
          to_line(
              {{"index", i}, {"question", "q"}, {"answers", answer}, {"pair", i / 2 == 0 ? "one" : "two"}}) +
          "\n";
    write_file(folder_ / name, text);
  }
  Task build() const { return build_task("long", Catalog(settings_.task_folders), {.settings = settings_}); }

  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
  Settings settings_;
};

TEST_F(DataFilesTest, AllLengthsAreOneTaskTheShortestFirst) {
  rows("data/16000/rows.jsonl", "long");
  rows("data/250/rows.jsonl", "short");
  rows("data/notes/rows.jsonl", "x");
  rows("data/32k/rows.jsonl", "x");
  const Task task = build();
  EXPECT_EQ(task.lengths, LengthRule::nolima);
  ASSERT_EQ(task.contexts.size(), 4u) << "two needles at two lengths";
  EXPECT_EQ(task.rows, 8u);
  const Item &first = task.contexts[0].items[0], &last = task.contexts[3].items[1];
  EXPECT_EQ(task.contexts[3].group, "two");
  EXPECT_EQ(first.length, 250u);
  EXPECT_EQ(first.answers[0], "short");
  EXPECT_EQ(first.id, "0000250-000000");
  EXPECT_EQ(last.length, 16000u);
  EXPECT_EQ(last.id, "0016000-000003");
  const auto files = files_of_task("long", Catalog(settings_.task_folders), settings_);
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[1].parent_path().filename(), "250");
}

TEST_F(DataFilesTest, OneLengthIsKnownByItsFolder) {
  rows("data/4096/rows.jsonl", "a");
  rows("data/8192/rows.jsonl", "b");
  settings_.task_data = (folder_ / "data/8192").string();
  const Task task = build();
  EXPECT_EQ(task.rows, 4u);
  EXPECT_EQ(task.contexts[0].items[0].length, 8192u);
  EXPECT_EQ(task.contexts[0].items[0].id, "0") << "as before there were lengths";
}

// The folder that the user names comes first, whatever lies beside the task file.
TEST_F(DataFilesTest, TheNamedFolderIsBeforeTheTaskFiles) {
  rows("rows.jsonl", "beside the task file");
  const auto answer = [&] { return build().contexts[0].items[0].answers[0]; };
  EXPECT_EQ(answer(), "beside the task file");
  for (const std::string folder : {"data/32768", "data/512", "data"}) {
    rows(folder + "/rows.jsonl", "in " + folder);
    EXPECT_EQ(answer(), "in " + folder);
  }
  settings_.task_data = (folder_ / "data/32768").string();
  EXPECT_EQ(answer(), "in data/32768");
  settings_.task_data = "";
  EXPECT_EQ(answer(), "beside the task file");
}

TEST_F(DataFilesTest, OtherTasksAndMissingFilesAreAsEver) {
  EXPECT_NE(support::failure_of([&] { build(); }).find("there is no file"), std::string::npos);
  rows("data/4096/rows.jsonl", "a");
  EXPECT_EQ(build().contexts[0].items[0].length, 4096u);
  write_file(folder_ / "long.json", R"({"file":"rows.jsonl","metric":"F1"})");
  EXPECT_NE(support::failure_of([&] { build(); }).find("there is no file"), std::string::npos)
      << "only benchmarks of lengths";
}

}  // namespace
}  // namespace film::tasks

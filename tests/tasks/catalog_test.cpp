#include "film/tasks/catalog.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/tasks/settings.h"
#include "tasks/spec.h"

namespace film::tasks {
namespace {

class CatalogTest : public ::testing::Test {
 protected:
  void add(const std::string& name) const { write_file(folder_ / name, R"({"file": "x.jsonl"})"); }
  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
};

TEST_F(CatalogTest, FindsProbesAndTheFilesThatComeWithFilm) {
  const Catalog catalog({});
  for (const char* name : {"in2", "document", "code", "database", "multi_hop", "reading_choices"})
    EXPECT_NO_THROW(catalog.require(name)) << name;
  EXPECT_FALSE(catalog.file("in2"));
  EXPECT_EQ(catalog.file("multi_hop"), fs::path(FILM_SOURCE_DIR) / "configs/tasks/multi_hop.json");
}

TEST_F(CatalogTest, AnOwnFolderComesFirst) {
  add("multi_hop.json");
  add("mine.json");
  add("notes.txt");
  const Catalog catalog({folder_.string()});
  EXPECT_EQ(catalog.file("multi_hop"), folder_ / "multi_hop.json");
  EXPECT_EQ(catalog.file("mine"), folder_ / "mine.json");
  EXPECT_FALSE(catalog.file("notes"));
}

TEST_F(CatalogTest, UnknownNamesGetTheNearestAndAllKnown) {
  const std::string message = support::failure_of([] { Catalog({}).require("multihop"); });
  EXPECT_NE(message.find("there is no task \"multihop\""), std::string::npos) << message;
  EXPECT_NE(message.find("did you mean \"multi_hop\"?"), std::string::npos) << message;
  EXPECT_NE(message.find("in2, document, code, database"), std::string::npos) << message;
}

TEST_F(CatalogTest, UnfitNamesAndMissingFoldersAreRefused) {
  EXPECT_NE(support::failure_of([&] { Catalog({(folder_ / "none").string()}); }).find("there is no folder"),
            std::string::npos);
  add("a b.json");
  add("code.json");
  const Catalog catalog({folder_.string()});
  EXPECT_NO_THROW(catalog.require("multi_hop")) << "files that nobody asks for do no harm";
  EXPECT_NE(support::failure_of([&] { catalog.require("a b"); }).find("not a valid name"), std::string::npos);
  EXPECT_NE(support::failure_of([&] { catalog.require("code"); }).find("has the name of a probe"),
            std::string::npos);
}

TEST(TaskSettings, CrossFieldRulesNameTheSettingAndTheRemedy) {
  const auto message = [](auto change) {
    Settings settings;
    change(settings);
    return support::failure_of([&] { check(settings); });
  };
  EXPECT_EQ(message([](Settings&) {}), "no error");
  EXPECT_NE(message([](Settings& s) { s.tasks.clear(); }).find("tasks"), std::string::npos);
  EXPECT_NE(message([](Settings& s) { s.tasks = {"cod"}; }).find("in2, document, code, database"),
            std::string::npos);
  EXPECT_NE(message([](Settings& s) { s.document.min_words = 40; }).find("document.max_words"),
            std::string::npos);
  EXPECT_NE(message([](Settings& s) { s.document.piece_words = 20; }).find("document.piece_words"),
            std::string::npos);
}

TEST(TaskSpec, AllThatComeWithFilmAreRead) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(FILM_SOURCE_DIR) / "configs/tasks")) {
    if (entry.is_directory()) continue;
    const TaskSpec spec = read_spec(entry.path());
    EXPECT_EQ(spec.name, entry.path().stem());
    ++files;
  }
  EXPECT_GE(files, 35u);
  EXPECT_TRUE(Catalog({}).knows("hotpotqa_film")) << "those in folders too";
}

TEST_F(CatalogTest, AContradictionInATaskFileNamesFileAndKey) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({})", "file is not set"},
      {R"({"file": "x", "metrics": "F1"})", "did you mean \"metric\"?"},
      {R"({"file": "x", "mode": "chose"})", "mode must be one of generate, choose"},
      {R"({"file": "x", "prompt": "{context}{question}"})", "columns.context is empty"},
      {R"({"file": "x", "columns": {"question": ""}})", "columns.question is empty"},
      {R"({"file": "x", "mode": "choose"})", "mode choose without columns.choices"},
      {R"({"file": "x", "wrap": "none", "columns": {"context": "c"}})", "prompt does not hold {context}"},
      {R"({"file": "x", "columns": {"slot": "s"}})", "a position needs both"},
  };
  for (const auto& [text, expected] : wrong) {
    write_file(folder_ / "t.json", text);
    const std::string message = support::failure_of([&] { read_spec(folder_ / "t.json"); });
    EXPECT_NE(message.find(expected), std::string::npos) << text << ": " << message;
    EXPECT_NE(message.find("t.json"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace film::tasks

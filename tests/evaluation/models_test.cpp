#include "film/evaluation/models.h"

#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/temp_folder.h"
#include "film/base/error.h"
#include "film/base/sha256.h"

namespace film::evaluation {
namespace {

class ModelsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    make_model(folder_ / "a");
    make_model(folder_ / "b");
  }
  static void make_model(const fs::path& folder) {
    make_folder(folder);
    fs::copy_file(fs::path(FILM_TEST_DATA) / "parity/v02/config.json", folder / "config.json");
    write_file(folder / "model.safetensors", "weights of " + folder.string());
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::string problem(const Settings& settings) const {
    return support::failure_of([&] {
      check(settings);
      candidates(settings);
    });
  }
  support::TempFolder temp_;
  fs::path folder_ = temp_.path();
};

TEST_F(ModelsTest, AFolderAloneOrWithItsBaseline) {
  Settings settings;
  settings.model = path("a");
  ASSERT_EQ(candidates(settings).size(), 1u);
  EXPECT_EQ(candidates(settings)[0].label, "model");
  settings.baseline = path("b");
  const auto two = candidates(settings);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].label, "before");
  EXPECT_EQ(two[0].folder, folder_ / "b");
  EXPECT_EQ(two[1].label, "after");
}

TEST_F(ModelsTest, TheEndpointIsAskedWhereNoFolderIsNamed) {
  Settings settings;
  EXPECT_NE(problem(settings).find("no model given"), std::string::npos);
  settings.endpoint.model = "served";
  const auto list = candidates(settings);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].label, "endpoint");
  EXPECT_EQ(list[0].endpoint->model, "served");
}

TEST_F(ModelsTest, AnyNumberOfFoldersAndEndpoints) {
  Settings settings;
  settings.endpoint.base_url = "http://one/v1";
  settings.models = {{"first", path("a"), "", ""},
                     {"", path("b"), "", ""},
                     {"", "", "org/name-7b", ""},
                     {"two", "", "org/name-7b", "http://two/v1"}};
  const auto list = candidates(settings);
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[0].label, "first");
  EXPECT_EQ(list[1].label, "b");
  EXPECT_EQ(list[1].folder, folder_ / "b");
  EXPECT_EQ(list[2].label, "name-7b");
  EXPECT_EQ(list[2].endpoint->model, "org/name-7b");
  EXPECT_EQ(list[2].endpoint->base_url, "http://one/v1");
  EXPECT_EQ(list[3].endpoint->base_url, "http://two/v1");
  EXPECT_NE(list[3].endpoint->identity(), list[2].endpoint->identity())
      << "answers of two servers are not mixed";
}

TEST_F(ModelsTest, ContradictionsAreRefusedWithTheRemedy) {
  Settings settings;
  settings.models = {{"x", path("a"), "", ""}, {"x", path("b"), "", ""}};
  EXPECT_NE(problem(settings).find("two models have the label \"x\""), std::string::npos);
  settings.models[1].label = "../evil";
  EXPECT_NE(problem(settings).find("not a valid label"), std::string::npos);
  settings.models[1] = {"y", "", "", ""};
  EXPECT_NE(problem(settings).find("either folder or endpoint"), std::string::npos);
  settings.models[1] = {"y", path("b"), "served", ""};
  EXPECT_NE(problem(settings).find("either folder or endpoint"), std::string::npos);
  settings.models[1] = {"y", path("b"), "", ""};
  settings.model = path("a");
  EXPECT_NE(problem(settings).find("models is set, and so is model"), std::string::npos);
}

TEST_F(ModelsTest, WhatIsNotAModelIsSaidBeforeAnyWork) {
  Settings settings;
  settings.model = path("none");
  EXPECT_NE(problem(settings).find("no such model folder"), std::string::npos);
  settings.model = path("a");
  write_file(folder_ / "a/config.json", R"({"model_type": "gpt2"})");
  EXPECT_NE(problem(settings).find("gpt2"), std::string::npos) << problem(settings);
  fs::remove(folder_ / "a/config.json");
  EXPECT_NE(problem(settings).find("no such file"), std::string::npos) << problem(settings);
}

TEST_F(ModelsTest, AModelIsIdentifiedByItsContent) {
  Settings settings;
  settings.tasks.tasks = {"reading_choices"};
  settings.model = path("a");
  const Json inputs = input_hashes(candidates(settings), settings, 3);
  EXPECT_EQ(inputs.at("limit"), 3);
  EXPECT_EQ(inputs.at("model.model.safetensors"), sha256_file(folder_ / "a/model.safetensors"));
  EXPECT_EQ(inputs.at("model.config.json"), sha256_file(folder_ / "a/config.json"));
  // A changed question is another evaluation.
  const fs::path data = fs::path(FILM_SOURCE_DIR) / "data/tasks/reading_choices.jsonl";
  EXPECT_EQ(inputs.at("reading_choices.reading_choices.jsonl"), sha256_file(data));
  EXPECT_TRUE(inputs.contains("reading_choices.reading_choices.json"));
}

// MANIFEST.json says what film wrote: weights that are others since then are not asked.
TEST_F(ModelsTest, WeightsThatAreNotAsFilmWroteThemAreRefused) {
  const std::string known(64, 'e');
  const Json files = {{{"path", "model.safetensors"},
                       {"bytes", fs::file_size(folder_ / "a/model.safetensors")},
                       {"sha256", known}}};
  write_file(folder_ / "a/MANIFEST.json", to_pretty({{"format", 2}, {"files", files}}));
  Settings settings;
  settings.tasks.tasks = {"reading_choices"};
  settings.model = path("a");
  const Error error = support::error_of([&] { input_hashes(candidates(settings), settings, 0); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), testing::HasSubstr(known));
}

TEST(EvalSettings, ShippedConfigsResolve) {
  const fs::path configs = fs::path(FILM_SOURCE_DIR) / "configs";
  for (const fs::path& file : {configs / "eval.json", configs / "demo" / "eval.json"}) {
    Settings settings;
    resolve(settings, file, {});
    EXPECT_NO_THROW(check(settings)) << file;
  }
}

}  // namespace
}  // namespace film::evaluation

// Folders are told by what is in them.
#include "film/folders/open_folder.h"

#include <gmock/gmock.h>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/manifest.h"
#include "film/base/sha256.h"

namespace film::folders {
namespace {

using support::code_of;
using support::TempFolder;
using testing::ElementsAre;
using testing::Pair;

void put_settings(const TempFolder& folder, const std::string& name, const std::string& command,
                  const Json& settings = Json::object()) {
  folder.put(name + "/settings.json", to_pretty({{"verb", command}, {"settings", settings}}));
}

TEST(OpenFolder, KnowsEveryKind) {
  support::SynthCase c;
  c.run("data");
  put_settings(c.folder, "data/questions", "qa");
  put_settings(c.folder, "run", "train");
  put_settings(c.folder, "eval", "eval");
  Manifest::write(c.folder / "eval", "manifest.json", {}, to_json(EvalFacts{"report.html"}));
  c.folder.put("model/config.json", "{}");
  EXPECT_TRUE(std::holds_alternative<DataFolder>(open_folder(c.folder / "data")));
  EXPECT_EQ(std::get<DataFolder>(open_folder(c.folder / "data/questions")).contexts().size(), 100u);
  EXPECT_TRUE(std::holds_alternative<RunFolder>(open_folder(c.folder / "run")));
  EXPECT_TRUE(std::holds_alternative<EvalFolder>(open_folder(c.folder / "eval")));
  put_settings(c.folder, "exported", "export");
  Manifest::write(c.folder / "exported", "manifest.json", {}, to_json(ExportFacts{"rl", {{"test", 3}}}));
  EXPECT_EQ(std::get<ExportFolder>(open_folder(c.folder / "exported")).facts().rows.at("test"), 3u);
  EXPECT_TRUE(std::holds_alternative<ModelFolder>(open_folder(c.folder / "model")));
}

TEST(OpenFolder, RefusesOthers) {
  const TempFolder folder;
  folder.put("empty/x.txt", "x");
  put_settings(folder, "odd", "bake");
  folder.put("broken/settings.json", "{\"verb\": 3}");
  put_settings(folder, "unfinished", "eval");
  EXPECT_EQ(code_of([&] { open_folder(folder / "nowhere"); }), ExitCode::no_input);
  EXPECT_EQ(code_of([&] { open_folder(folder / "empty"); }), ExitCode::no_input);
  EXPECT_EQ(code_of([&] { open_folder(folder / "unfinished"); }), ExitCode::no_input);
  EXPECT_EQ(code_of([&] { open_folder(folder / "odd"); }), ExitCode::bad_data);
  EXPECT_EQ(code_of([&] { open_folder(folder / "broken"); }), ExitCode::bad_data);
}

TEST(RunFolder, KnowsWhereARunBegan) {
  const TempFolder folder;
  put_settings(folder, "tuned", "train", {{"model_folder", "models/base"}});
  put_settings(folder, "new", "train", {{"model_folder", ""}});
  put_settings(folder, "other", "eval");
  EXPECT_EQ(RunFolder(folder / "tuned").starting_point(), fs::path("models/base"));
  EXPECT_EQ(RunFolder(folder / "new").starting_point(), std::nullopt);
  folder.put("new/checkpoints/initial/config.json", "{}");
  EXPECT_EQ(RunFolder(folder / "new").starting_point(), folder / "new/checkpoints/initial");
  EXPECT_FALSE(RunFolder(folder / "new").finished());
  EXPECT_EQ(code_of([&] { RunFolder(folder / "new").final_checkpoint(); }), ExitCode::no_input);
  EXPECT_EQ(code_of([&] { RunFolder(folder / "other"); }), ExitCode::no_input);
  EXPECT_EQ(code_of([&] { RunFolder(folder / "nowhere"); }), ExitCode::no_input);
}

TEST(RunFolder, GivesItsMetrics) {
  const TempFolder folder;
  put_settings(folder, "run", "train");
  EXPECT_TRUE(RunFolder(folder / "run").metrics().empty());
  folder.put("run/metrics.jsonl", "{\"step\":1}\n{\"step\":2}\n");
  EXPECT_EQ(RunFolder(folder / "run").metrics().at(1).at("step"), 2);
}

TEST(ModelFolder, KnowsItsFiles) {
  const TempFolder folder;
  folder.put("whole/config.json", "{}");
  EXPECT_EQ(code_of([&] { ModelFolder(folder / "whole").weights(); }), ExitCode::no_input);
  folder.put("whole/model.safetensors", "w");
  EXPECT_THAT(ModelFolder(folder / "whole").weights(), ElementsAre(folder / "whole/model.safetensors"));
  EXPECT_EQ(ModelFolder(folder / "whole").tokenizer(), std::nullopt);
  folder.put("whole/tokenizer.model", "t");
  EXPECT_EQ(ModelFolder(folder / "whole").tokenizer(), folder / "whole/tokenizer.model");

  folder.put("parts/config.json", "{}");
  folder.put("parts/model.safetensors.index.json",
             R"({"weight_map": {"b": "two.safetensors", "a": "one.safetensors", "c": "two.safetensors"}})");
  EXPECT_EQ(code_of([&] { ModelFolder(folder / "parts").weights(); }), ExitCode::no_input);
  folder.put("parts/one.safetensors", "1");
  folder.put("parts/two.safetensors", "2");
  EXPECT_THAT(ModelFolder(folder / "parts").weights(),
              ElementsAre(folder / "parts/one.safetensors", folder / "parts/two.safetensors"));
  folder.put("parts/model.safetensors.index.json", R"({"weight_map": {"a": 1}})");
  EXPECT_EQ(code_of([&] { ModelFolder(folder / "parts").weights(); }), ExitCode::bad_data);
  EXPECT_EQ(code_of([&] { ModelFolder(folder / "nowhere"); }), ExitCode::no_input);
}

// A checkpoint that film wrote knows its files; a model of others says nothing about them.
TEST(ModelFolder, NoticesEditedFiles) {
  const TempFolder folder;
  const std::vector<fs::path> files = {"config.json", "model.safetensors", "tokenizer.model",
                                       "training/loop.json"};
  for (const fs::path& file : files) folder.put("model/" + file.string(), "{}");
  const ModelFolder model(folder / "model");
  EXPECT_THAT(model.hashes(),
              ElementsAre(Pair("config.json", sha256("{}")), Pair("model.safetensors", sha256("{}"))));
  folder.put("model/config.json", "[]");
  EXPECT_EQ(model.hashes().at("config.json"), sha256("[]"));
  Manifest::write(folder / "model", "MANIFEST.json", files, Json::object(), 2);
  EXPECT_EQ(model.hashes().at("config.json"), sha256("[]"));
  for (const fs::path& file : files) {
    const std::string whole = read_file(folder / "model" / file);
    folder.put("model/" + file.string(), "??");
    const bool of_the_model = file != "training/loop.json";  // not read by who asks the model
    EXPECT_EQ(code_of([&] { static_cast<void>(model.hashes()); }),
              of_the_model ? ExitCode::bad_data : ExitCode::ok)
        << file;
    folder.put("model/" + file.string(), whole);
  }
  fs::remove(folder / "model/tokenizer.model");
  EXPECT_EQ(code_of([&] { model.require_unchanged(); }), ExitCode::bad_data);
}

}  // namespace
}  // namespace film::folders

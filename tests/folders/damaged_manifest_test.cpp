// A manifest without one of its keys is bad data that names the key, never "a bug in film" (exit 70).
#include <gmock/gmock.h>

#include <set>

#include "../support/failure.h"
#include "../support/synth_case.h"
#include "film/base/manifest.h"
#include "film/contexts/summary.h"
#include "film/folders/open_folder.h"

namespace film::folders {
namespace {

using support::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Pointers to all keys of all objects in it: "/corpus/by_split/train/tokens".
void collect_keys(const Json& value, const std::string& path, std::vector<std::string>& keys) {
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.items()) {
    keys.push_back(path + "/" + key);
    collect_keys(member, keys.back(), keys);
  }
}

// Removes each key in turn and reads the folder. Returns the keys that were not missed.
template <class Read>
std::vector<std::string> not_missed(const fs::path& manifest, Read read) {
  const Json whole = read_json(manifest);
  std::vector<std::string> keys, kept;
  collect_keys(whole, "", keys);
  for (std::size_t i = 0; i < whole.at("files").size(); ++i)
    for (const char* key : {"path", "bytes", "sha256"})
      keys.push_back("/files/" + std::to_string(i) + "/" + key);
  for (const std::string& key : keys) {
    const Json::json_pointer pointer(key);
    Json damaged = whole;
    Json& parent = damaged[pointer.parent_pointer()];
    parent.erase(pointer.back());
    write_file(manifest, to_pretty(damaged));
    try {
      read();
      kept.push_back(key);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data) << key << ": " << error.what();
      EXPECT_THAT(error.what(), HasSubstr(pointer.back())) << key;
    }
  }
  write_file(manifest, to_pretty(whole));
  EXPECT_NO_THROW(read());
  return kept;
}

// As in folders of earlier versions: the keys are read, and the manifest's hash is not compared.
void forget_hash(const fs::path& folder) {
  Json settings = read_json(folder / "settings.json");
  settings.erase(kManifestHash);
  write_file(folder / "settings.json", to_pretty(settings));
}

TEST(DamagedManifest, OfASynthFolder) {
  support::SynthCase c;
  support::plant(c.settings);
  c.settings.contexts.kinds = {110, 30, 15};
  c.run("data");
  const fs::path data = c.folder / "data";
  forget_hash(data);
  const auto open = [&] { EXPECT_FALSE(contexts::synth_summary(DataFolder(data).facts()).empty()); };
  const auto again = [&] { EXPECT_FALSE(contexts::synth_summary(c.run("data")).empty()); };
  const std::vector<std::string> optional = {"/records", "/contexts/lengths/chi_square",
                                             "/contexts/target_deviation", "/contexts/slots/chi_square"};
  // Names that stand for themselves: a count by reason, attribute, split or kind that is gone is not missed.
  std::vector<std::string> expected;
  for (const std::string& key : not_missed(data / "manifest.json", open)) {
    const bool a_count = key.starts_with("/records/planted/") || key.starts_with("/contexts/by_split/") ||
                         key.starts_with("/contexts/by_kind/");
    if (!a_count) expected.push_back(key);
  }
  EXPECT_EQ(expected, optional);
  for (const std::string& key : not_missed(data / "manifest.json", again))
    EXPECT_TRUE(std::ranges::find(optional, key) != optional.end() || key.find("by_") != std::string::npos ||
                key.starts_with("/records/planted/"))
        << key;
}

TEST(DamagedManifest, OfASynthFolderWithValuesOfAnotherType) {
  support::SynthCase c;
  c.run("data");
  forget_hash(c.folder / "data");
  const fs::path file = c.folder / "data/manifest.json";
  const Json whole = read_json(file);
  std::vector<std::string> keys;
  collect_keys(whole, "", keys);
  for (const std::string& key : keys)
    for (const Json& wrong : {Json("a word"), Json(nullptr), Json(-1.5), Json::array({1, "x"})}) {
      Json damaged = whole;
      damaged[Json::json_pointer(key)] = wrong;
      write_file(file, to_pretty(damaged));
      const ExitCode code =
          support::code_of([&] { contexts::synth_summary(DataFolder(c.folder / "data").facts()); });
      EXPECT_TRUE(code == ExitCode::bad_data || code == ExitCode::ok) << key << " = " << wrong;
    }
}

fs::path put_folder(const TempFolder& folder, const std::string& command, const Json& facts) {
  const fs::path out = folder / command;
  make_folder(out);
  folder.put(command + "/result.txt", "result");
  write_file(out / "settings.json", to_pretty({{"verb", command}, {"settings", Json::object()}}));
  Manifest::write(out, "manifest.json", {"result.txt"}, facts);
  return out;
}

TEST(DamagedManifest, OfATrainFolder) {
  const TempFolder folder;
  const TrainFacts facts{.model = "m",
                         .device = "the CPU",
                         .steps = 3,
                         .pairs = 4,
                         .tokens = 5,
                         .tokenizer_sha256 = "h",
                         .left_out = {"x"},
                         .final_checkpoint = "checkpoints/step-3"};
  const fs::path run = put_folder(folder, "train", to_json(facts));
  EXPECT_EQ(RunFolder(run).final_checkpoint(), run / "checkpoints/step-3");
  // Runs of earlier versions have no "kind".
  EXPECT_THAT(not_missed(run / "manifest.json", [&] { RunFolder(run).facts(); }), ElementsAre("/kind"));
}

TEST(DamagedManifest, OfAnEvalFolder) {
  const TempFolder folder;
  const fs::path eval = put_folder(folder, "eval", to_json(EvalFacts{"report.html"}));
  EXPECT_EQ(EvalFolder(eval).report(), eval / "report.html");
  EXPECT_THAT(not_missed(eval / "manifest.json", [&] { EvalFolder{eval}; }), ElementsAre("/kind"));
}

TEST(DamagedManifest, OfAnotherKind) {
  const TempFolder folder;
  Json facts = to_json(EvalFacts{"report.html"});
  facts["kind"] = "train";
  const fs::path eval = put_folder(folder, "eval", facts);
  EXPECT_EQ(support::code_of([&] { EvalFolder{eval}; }), ExitCode::bad_data);
}

}  // namespace
}  // namespace film::folders

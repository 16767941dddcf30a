// The folder a verb writes: bound to its settings, finished or not.
#include "film/base/output_folder.h"

#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::TempFolder;

struct Sample {
  std::int64_t steps = 10;
  double rate = 0.5;
  std::int64_t threads = 1;
  void describe(Fields& f) {
    f.add("steps", steps, "how many");
    f.add("rate", rate, "a share");
    f.add("threads", threads, "to use").runtime();
  }
};

class OutputFolderTest : public testing::Test {
 protected:
  // Opens the folder with overridden settings and hands it to `use`; what failed, as failure_of says.
  std::string open(const std::vector<std::string>& set, const std::function<void(OutputFolder&)>& use = {},
                   const std::string& command = "train", const Json& inputs = Json::object()) {
    return failure_of([&] {
      Sample sample;
      const Fields fields = resolve(sample, std::nullopt, set);
      OutputFolder out({path(), command, fields, {{{"version", "9"}}, {"film", "train"}}});
      out.bind_inputs(inputs);
      if (use) use(out);
    });
  }
  fs::path path() const { return folder_ / "out"; }
  void put(const std::string& name, const std::string& content) { write_file(path() / name, content); }

  TempFolder folder_;
};

TEST_F(OutputFolderTest, WritesItsSettings) {
  EXPECT_EQ(open({"steps=3"}, {}, "train", {{"data", "abc"}}), "no error");
  const Json record = read_json(path() / "settings.json");
  EXPECT_EQ(record.at("verb"), "train");
  EXPECT_EQ(record.at("film").at("version"), "9");
  EXPECT_EQ(record.at("command"), (Json{"film", "train"}));
  EXPECT_EQ(record.at("settings").at("steps"), 3);
  EXPECT_EQ(record.at("sources").at("steps"), "--set");
  EXPECT_EQ(record.at("result_settings"), (Json{{"steps", 3}, {"rate", 0.5}, {"input.data", "abc"}}));
}

TEST_F(OutputFolderTest, AFolderWithoutAResultBindsNobody) {
  open({"steps=3"});
  put("journal.jsonl", "");
  EXPECT_EQ(open({"steps=4"}), "no error");
  put("journal.jsonl", "{}\n");
  EXPECT_THAT(open({"steps=5"}), HasSubstr("made with other settings"));
}

TEST_F(OutputFolderTest, SameSettingsResume) {
  open({"steps=3"});
  put("result", "x");
  const std::string settings = read_file(path() / "settings.json");
  EXPECT_EQ(open({"steps=3"}), "no error");
  EXPECT_EQ(open({"steps=3", "threads=7"}), "no error") << "threads do not change the result";
  EXPECT_EQ(read_file(path() / "settings.json"), settings) << "the first run's record stays";
}

TEST_F(OutputFolderTest, ChangedSettingsAreExit78AndNamed) {
  const std::string begin = "78 " + path().string() + " was made with other settings:";
  const std::string hint =
      " | use the same settings to resume; to start anew another --out, or delete the folder";
  open({}, {}, "train", {{"data", "abc"}, {"old", 1}});
  put("result", "x");
  EXPECT_EQ(open({"steps=3", "rate=0.25"}, {}, "train", {{"data", "abd"}, {"new", 2}}),
            begin + "\n  steps: 10 there, 3 now\n  rate: 0.5 there, 0.25 now" + hint);
  EXPECT_EQ(open({}, {}, "train", {{"data", "abd"}, {"new", 2}}),
            begin + "\n  input.data: \"abc\" there, \"abd\" now\n  input.new: null there, 2 now" +
                "\n  input.old: 1 there, null now" + hint);
  EXPECT_EQ(open({}, {}, "train", {{"data", "abc"}, {"old", 1}}), "no error");
}

// A folder of an earlier version lacks the settings that came since. They bind if somebody sets them.
TEST_F(OutputFolderTest, NewSettingsThatNobodySetAreNoDifference) {
  const struct {
    const char *missing, *set, *other;
  } cases[] = {{"steps", "steps=3", "rate=0.1"}, {"rate", "rate=0.25", "steps=9"}};
  for (const auto& [missing, set, other] : cases) {
    fs::remove_all(path());
    open({});
    put("result", "x");
    Json record = read_json(path() / "settings.json");
    record["result_settings"].erase(missing);
    put("settings.json", to_pretty(record));
    EXPECT_EQ(open({}), "no error") << missing;
    EXPECT_EQ(open({"threads=5"}), "no error") << missing;
    EXPECT_THAT(open({set}), HasSubstr(std::string(missing) + ": null there")) << missing;
    EXPECT_THAT(open({other}), HasSubstr("made with other settings")) << missing;
    EXPECT_THAT(open({}, {}, "train", {{"new", 1}}), HasSubstr("input.new: null there, 1 now"))
        << "an input is no setting";
  }
}

// Large inputs need not be hashed to find out that all is done: without bind_inputs nothing is compared.
TEST_F(OutputFolderTest, AFinishedFolderIsKnownWithoutItsInputs) {
  open({}, [](OutputFolder& out) { out.finish({}, Json::object()); }, "train", {{"data", "abc"}});
  Sample sample;
  const Fields fields = resolve(sample, std::nullopt, {});
  const OutputFolder out({path(), "train", fields});
  EXPECT_TRUE(out.finished());
  EXPECT_EQ(read_json(path() / "settings.json").at("result_settings").at("input.data"), "abc");
}

// Some of the inputs can be looked at without the others.
TEST_F(OutputFolderTest, SomeInputsOfAFinishedFolder) {
  open({}, [](OutputFolder& out) { out.finish({}, Json::object()); }, "train",
       {{"data", "abc"}, {"rules", "one"}});
  Sample sample;
  const Fields fields = resolve(sample, std::nullopt, {});
  const OutputFolder out({path(), "train", fields});
  const auto required = [&](const Json& some) { return failure_of([&] { out.require_inputs(some); }); };
  EXPECT_EQ(required({{"rules", "one"}, {"more rules", nullptr}}), "no error");
  EXPECT_THAT(required({{"rules", "two"}}), HasSubstr("input.rules: \"one\" there, \"two\" now"));
  EXPECT_THAT(required({{"rules", nullptr}}), HasSubstr("input.rules: \"one\" there, null now"));
  EXPECT_THAT(required({{"more rules", "x"}}), HasSubstr("input.more rules: null there, \"x\" now"));
  out.reopen();
  EXPECT_FALSE(out.finished());
}

TEST_F(OutputFolderTest, AnotherVerbIsExit78) {
  open({});
  put("result", "x");
  EXPECT_EQ(open({}, {}, "eval"),
            "78 " + path().string() + " was made by film train, not film eval | choose another --out");
}

// A run that failed before its first result (a mistyped path, say) binds nobody to its settings.
TEST_F(OutputFolderTest, NoResultNoBinding) {
  open({});
  make_folder(path() / "checkpoints");
  folder_.put("out/checkpoints/weights.part", "half");
  EXPECT_EQ(open({"steps=3"}), "no error");
  EXPECT_EQ(read_json(path() / "settings.json").at("settings").at("steps"), 3);
  folder_.put("out/checkpoints/weights", "whole");
  EXPECT_THAT(open({"steps=4"}), HasSubstr("steps: 3 there, 4 now"));
}

// Of lists of the same length only what differs is shown: two stages of 250 letters are not compared by eye.
TEST_F(OutputFolderTest, NestedDifferencesAreNamedByTheirPlace) {
  open({}, {}, "train", {{"list", {{{"a", 1}, {"b", {1, 2}}}, {{"a", 2}}}}});
  put("result", "x");
  const std::string said = open({}, {}, "train", {{"list", {{{"a", 1}, {"b", {1, 3}}}, {{"a", 5}}}}});
  EXPECT_THAT(said, HasSubstr("\n  input.list.0.b.1: 2 there, 3 now\n  input.list.1.a: 2 there, 5 now"));
  EXPECT_THAT(open({}, {}, "train", {{"list", {1}}}), HasSubstr("there, [1] now"));
}

// What a run makes anew, or what holds under any settings, binds nobody; everything else does.
TEST_F(OutputFolderTest, UnboundFilesBindNobody) {
  const auto reopen = [&](const std::string& set) {
    return failure_of([&] {
      Sample sample;
      const Fields fields = resolve(sample, std::nullopt, {set});
      OutputFolder out({path(), "train", fields, {}, {"store", "journal.jsonl"}});
      out.bind_inputs({{"data", set}});
    });
  };
  reopen("steps=1");
  make_folder(path() / "store");
  put("store/part", "half");
  put("journal.jsonl", "{}");
  EXPECT_EQ(reopen("steps=2"), "no error");
  make_folder(path() / "below");
  put("below/store", "a result of that name elsewhere");
  EXPECT_THAT(reopen("steps=3"), HasSubstr("steps: 2 there, 3 now"));
}

TEST_F(OutputFolderTest, DamagedSettingsAreBadData) {
  open({});
  put("result", "x");
  for (const char* text : {"", "{", "[]", "5", "{\"verb\":1}", "{\"verb\":\"train\"}"}) {
    put("settings.json", text);
    EXPECT_THAT(open({}), HasSubstr("65 " + (path() / "settings.json").string())) << text;
  }
}

TEST_F(OutputFolderTest, FinishedUntilAFileIsNotAsTheManifestSays) {
  const auto finished = [&] {
    bool answer = false;
    EXPECT_EQ(open({}, [&](OutputFolder& out) { answer = out.finished(); }), "no error");
    return answer;
  };
  EXPECT_FALSE(finished());
  EXPECT_EQ(open({},
                 [&](OutputFolder& out) {
                   put("a", "content");
                   make_folder(out.path() / "sub");
                   put("sub/b", "");
                   out.finish({"a", "sub/b"}, {{"steps", 7}});
                 }),
            "no error");
  EXPECT_TRUE(finished());
  const Json manifest = read_json(path() / "manifest.json");
  EXPECT_EQ(manifest.at("steps"), 7);
  EXPECT_EQ(manifest.at("files").at(0), (Json{{"path", "a"}, {"bytes", 7}, {"sha256", sha256("content")}}));
  EXPECT_EQ(manifest.at("files").at(1).at("path"), "sub/b");

  testing::internal::CaptureStderr();
  put("a", "conten");
  EXPECT_FALSE(finished()) << "truncated";
  put("a", "content");
  fs::remove(path() / "sub/b");
  EXPECT_FALSE(finished()) << "missing";
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("a holds 6 bytes, the manifest says 7: doing the work again"));
  put("manifest.json", "{}");
  EXPECT_THAT(open({}, [](OutputFolder& out) { static_cast<void>(out.finished()); }), HasSubstr("65 "));
}

TEST_F(OutputFolderTest, LockedWhileInUse) {
  EXPECT_EQ(open({}, [&](OutputFolder&) { EXPECT_THAT(open({}), HasSubstr("73 ")); }), "no error");
  EXPECT_EQ(open({}), "no error");
}

}  // namespace
}  // namespace film

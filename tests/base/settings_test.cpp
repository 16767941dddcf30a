// Settings: one declaration, and every wrong input answered with what was expected.
#include "film/base/settings.h"

#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::TempFolder;

enum class Decay { constant, cosine };
constexpr auto enum_names(Decay) {
  return std::array{EnumName{Decay::constant, "constant"}, EnumName{Decay::cosine, "cosine"}};
}

struct Optimizer {
  double beta1 = 0.9;
  double beta2 = 0.999;
  void describe(Fields& f) {
    f.add("beta1", beta1, "first").range(0, 1);
    f.add("beta2", beta2, "second").range(0, 1);
  }
};

struct Stage {
  std::string name = "s";
  std::int64_t batch = 8;
  Optimizer optimizer;
  void describe(Fields& f) {
    f.add("name", name, "shown");
    f.add("batch", batch, "examples").range(1, 1000);
    f.group("optimizer", optimizer);
  }
};

struct Sample {
  std::int64_t steps = 10;
  std::uint64_t seed = 1;
  std::uint32_t items = 5;
  double rate = 0.5;
  bool shuffle = true;
  Decay decay = Decay::cosine;
  std::string title = "none";
  std::vector<std::string> words = {"a"};
  std::vector<Stage> stages = {Stage{}};
  std::int64_t threads = 0;
  Optimizer optimizer;
  void describe(Fields& f) {
    f.add("steps", steps, "how many").range(1, 1e6).in("steps");
    f.add("seed", seed, "of everything");
    f.add("items", items, "a count");
    f.add("rate", rate, "a share").range(0, 1);
    f.add("shuffle", shuffle, "or not");
    f.add("decay", decay, "shape");
    f.add("title", title, "of the report");
    f.add("words", words, "some");
    f.list("stages", stages, "in order");
    f.add("threads", threads, "to use").runtime();
    f.group("optimizer", optimizer);
  }
};

std::string apply(const std::string& json) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  return failure_of([&] { fields.apply(parse_json(json, "c.json", true), "c.json"); });
}

std::string override_with(const std::string& assignment) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  return failure_of([&] { fields.apply_override(assignment); });
}

TEST(Settings, OneElementOfAList) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  fields.apply_override("stages=[{}, {\"batch\": 4}]");
  fields.apply_override("stages.1.name=second");
  fields.apply_override("stages.1.optimizer.beta1=0.5");
  ASSERT_EQ(sample.stages.size(), 2u);
  EXPECT_EQ(sample.stages[1].name, "second");
  EXPECT_EQ(sample.stages[1].batch, 4);
  EXPECT_EQ(sample.stages[1].optimizer.beta1, 0.5);
  EXPECT_EQ(sample.stages[0].name, "s");
  EXPECT_THAT(override_with("stages.1.batch=2"),
              HasSubstr("stages is a list of 1 | name an element by its number"));
  EXPECT_THAT(override_with("stages.x.batch=2"), HasSubstr("stages.0.name"));
  EXPECT_THAT(override_with("stages.0=2"), HasSubstr("stages.0.name"));
  EXPECT_THAT(override_with("stages.0.bacth=2"), HasSubstr("did you mean \"batch\"?"));
  EXPECT_THAT(override_with("stages.0.batch=-1"), HasSubstr("batch must be"));
}

struct Case {
  const char* json;
  const char* failure;
};

TEST(Settings, WrongInputSaysWhatWasExpected) {
  const std::vector<Case> cases = {
      {R"({"setps": 1})", R"(78 c.json: there is no setting "setps" | did you mean "steps"?)"},
      {R"({"optimizer": {"beta3": 1}})",
       R"(78 c.json: there is no setting "optimizer.beta3" | did you mean "optimizer.beta1"?)"},
      {R"({"beta2": 0.9})", R"(78 c.json: there is no setting "beta2" | did you mean "optimizer.beta2"?)"},
      {R"({"optimizer.beat1": 1})",
       R"(78 c.json: there is no setting "optimizer.beat1" | did you mean "optimizer.beta1"?)"},
      {R"({"steps": "10"})", R"(78 c.json: steps must be an integer from 1 to 1000000 (steps), got "10")"},
      {R"({"steps": 1.5})", "78 c.json: steps must be an integer from 1 to 1000000 (steps), got 1.5"},
      {R"({"steps": true})", "78 c.json: steps must be an integer from 1 to 1000000 (steps), got true"},
      {R"({"steps": null})", "78 c.json: steps must be an integer from 1 to 1000000 (steps), got null"},
      {R"({"steps": 0})", "78 c.json: steps must be an integer from 1 to 1000000 (steps), got 0"},
      {R"({"steps": 1000001})", "78 c.json: steps must be an integer from 1 to 1000000 (steps), got 1000001"},
      {R"({"seed": -1})", "78 c.json: seed must be an integer, got -1"},
      {R"({"seed": 1.0})", "78 c.json: seed must be an integer, got 1.0"},
      {R"({"seed": 18446744073709551616})", "78 c.json: seed must be an integer, got 1.8446744073709552e+19"},
      {R"({"items": 4294967296})", "78 c.json: items must be an integer, got 4294967296"},
      {R"({"threads": 9223372036854775808})",
       "78 c.json: threads must be an integer, got 9223372036854775808"},
      {R"({"rate": 1.01})", "78 c.json: rate must be a number from 0 to 1, got 1.01"},
      {R"({"rate": -0.1})", "78 c.json: rate must be a number from 0 to 1, got -0.1"},
      {R"({"rate": "x"})", R"(78 c.json: rate must be a number from 0 to 1, got "x")"},
      {R"({"shuffle": 1})", "78 c.json: shuffle must be true or false, got 1"},
      {R"({"shuffle": "true"})", R"(78 c.json: shuffle must be true or false, got "true")"},
      {R"({"decay": "linear"})", R"(78 c.json: decay must be one of constant, cosine, got "linear")"},
      {R"({"decay": 3})", "78 c.json: decay must be one of constant, cosine, got 3"},
      {R"({"title": 5})", "78 c.json: title must be a string, got 5"},
      {R"({"words": 5})", "78 c.json: words must be a string or a list of strings, got 5"},
      {R"({"words": ["a", 5]})", R"(78 c.json: words must be a string or a list of strings, got ["a",5])"},
      {R"({"stages": {}})", "78 c.json: stages must be a list of objects, got {}"},
      {R"({"stages": [{}, 5]})", "78 c.json: stages[1]: settings must be an object, got 5"},
      {R"({"stages": [{}, {"batch": 0}]})",
       "78 c.json: stages[1]: batch must be an integer from 1 to 1000, got 0"},
      {R"({"stages": [{"nmae": "x"}]})",
       R"(78 c.json: stages[0]: there is no setting "nmae" | did you mean "name"?)"},
      {R"({"stages": [{"optimizer": {"beta1": 2}}]})",
       "78 c.json: stages[0]: optimizer.beta1 must be a number from 0 to 1, got 2"},
      {R"([1])", "78 c.json: settings must be an object, got [1]"},
  };
  for (const Case& c : cases) EXPECT_EQ(apply(c.json), c.failure) << c.json;
}

TEST(Settings, WrongOverridesSayWhatWasExpected) {
  EXPECT_EQ(override_with("steps"), "78 --set steps: expected key=value");
  EXPECT_EQ(override_with("=3"), "78 --set =3: expected key=value");
  EXPECT_EQ(override_with("setps=3"), R"(78 --set: there is no setting "setps" | did you mean "steps"?)");
  EXPECT_EQ(override_with("steps=many"),
            R"(78 --set: steps must be an integer from 1 to 1000000 (steps), got "many")");
  EXPECT_EQ(override_with("steps="),
            R"(78 --set: steps must be an integer from 1 to 1000000 (steps), got "")");
  EXPECT_EQ(override_with("shuffle=yes"), R"(78 --set: shuffle must be true or false, got "yes")");
  EXPECT_EQ(override_with("decay=Cosine"),
            R"(78 --set: decay must be one of constant, cosine, got "Cosine" | did you mean "cosine"?)");
  EXPECT_EQ(override_with("decay=5"), R"(78 --set: decay must be one of constant, cosine, got "5")");
}

TEST(Settings, WordsAreEnums) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  EXPECT_EQ(fields.find("decay")->kind, FieldKind::word);
  EXPECT_EQ(fields.dump().at("decay"), "cosine");
  for (const char* assignment : {"decay=constant", "decay=\"constant\""}) {
    sample.decay = Decay::cosine;
    fields.apply_override(assignment);
    EXPECT_EQ(sample.decay, Decay::constant) << assignment;
    EXPECT_EQ(fields.result_settings().at("decay"), "constant");
  }
}

TEST(EnumNames, BothDirections) {
  EXPECT_EQ(name_of(Decay::constant), "constant");
  EXPECT_EQ(from_name<Decay>("cosine"), Decay::cosine);
  EXPECT_EQ(from_name<Decay>("Cosine"), std::nullopt);
  EXPECT_EQ(from_name<Decay>(""), std::nullopt);
  EXPECT_THAT(names_of<Decay>(), testing::ElementsAre("constant", "cosine"));
  EXPECT_EQ(failure_of([] { static_cast<void>(name_of(static_cast<Decay>(9))); }),
            "70 a value of an enum has no name: 9");
  const Json object = {{"good", "constant"}, {"bad", "linear"}, {"number", 0}};
  EXPECT_EQ(member<Decay>(object, "good", "f"), Decay::constant);
  EXPECT_EQ(failure_of([&] { member<Decay>(object, "bad", "f"); }),
            "65 f: key \"bad\" must be one of constant, cosine, got \"linear\"");
  EXPECT_EQ(failure_of([&] { member<Decay>(object, "number", "f"); }),
            "65 f: key \"number\" must be one of constant, cosine, got 0");
}

TEST(Settings, PlaceholdersAreRequired) {
  EXPECT_EQ(failure_of([] { require_placeholder("a.b", "x {name}", "{name}"); }), "no error");
  EXPECT_EQ(failure_of([] { require_placeholder("a.b", "x name", "{name}"); }),
            "78 a.b must contain {name}, got \"x name\"");
}

TEST(Settings, ARefusedValueChangesNothing) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  const Json before = fields.dump();
  for (const char* bad : {"steps=0", "rate=2", "decay=x", "stages=[{\"batch\":0}]", "words=[1]", "seed=-1"})
    EXPECT_NE(failure_of([&] { fields.apply_override(bad); }), "no error") << bad;
  EXPECT_EQ(fields.dump(), before);
  EXPECT_EQ(fields.sources().at("steps"), "default");
}

TEST(Settings, DottedAndNestedMeanTheSame) {
  for (const char* json : {R"({"optimizer": {"beta1": 0.5}})", R"({"optimizer.beta1": 0.5})"}) {
    Sample sample;
    Fields fields;
    sample.describe(fields);
    fields.apply(parse_json(json, "c.json"), "c.json");
    EXPECT_EQ(sample.optimizer.beta1, 0.5) << json;
    EXPECT_EQ(sample.optimizer.beta2, 0.999) << json;
    EXPECT_EQ(fields.sources().at("optimizer.beta1"), "c.json");
    EXPECT_EQ(fields.sources().at("optimizer.beta2"), "default");
  }
}

TEST(Settings, OverridesOfEveryKind) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  for (const char* assignment : {"steps=20", "seed=18446744073709551615", "rate=1", "shuffle=false",
                                 "title=a=b \"c\"", "words=[\"x\",\"y\"]", "optimizer={\"beta2\":0.5}",
                                 "optimizer.beta1=1e-3", "stages=[{\"name\":\"one\"},{\"batch\":2}]"})
    fields.apply_override(assignment);
  EXPECT_EQ(sample.steps, 20);
  EXPECT_EQ(sample.seed, UINT64_MAX);
  EXPECT_EQ(sample.rate, 1);
  EXPECT_FALSE(sample.shuffle);
  EXPECT_EQ(sample.title, "a=b \"c\"");
  EXPECT_EQ(sample.words, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(sample.optimizer.beta1, 1e-3);
  EXPECT_EQ(sample.optimizer.beta2, 0.5);
  ASSERT_EQ(sample.stages.size(), 2u);
  EXPECT_EQ(sample.stages[0].name, "one");
  EXPECT_EQ(sample.stages[1].batch, 2);
  fields.apply_override("title=\"quoted\"");
  EXPECT_EQ(sample.title, "quoted");
  fields.apply_override("title=5");
  EXPECT_EQ(sample.title, "5") << "a string setting takes a bare number as text";
}

// A name may look like a number or a JSON word; where a number is wanted, it stays one.
TEST(Settings, NamesMayLookLikeJson) {
  const std::vector<std::string> names = {"1987", "1e3", "-0", "false", "null", "3.0", "runs/a,b", "[x"};
  for (const std::string& name : names) {
    Sample sample;
    Fields fields;
    sample.describe(fields);
    fields.apply_override("words=" + name);
    EXPECT_EQ(sample.words, std::vector{name}) << name;
    fields.apply_override("stages.0.name=" + name);
    EXPECT_EQ(sample.stages[0].name, name);
  }
  Sample sample;
  Fields fields;
  sample.describe(fields);
  fields.apply(parse_json(R"({"words": "one"})", "c.json"), "c.json");
  EXPECT_EQ(sample.words, std::vector<std::string>{"one"});
  EXPECT_EQ(override_with("stages.0.batch=true"),
            "78 --set: stages[0]: batch must be an integer from 1 to 1000, got true");
}

// What is named twice on a command line is not dropped; a file's list is replaced.
TEST(Settings, RepeatedListsAddUp) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  fields.apply({{"words", {"from", "file"}}}, "c.json");
  for (const char* assignment : {"words=b", "words=[\"c\",\"d\"]", "words=7"})
    fields.apply_override(assignment);
  fields.apply_word("words", "e", "--word");
  EXPECT_EQ(sample.words, (std::vector<std::string>{"b", "c", "d", "7", "e"}));
  fields.apply_override("stages=[{},{}]");
  EXPECT_THAT(failure_of([&] { fields.apply_override("stages=[{}]"); }),
              HasSubstr("stages was given before (--set)"));
  fields.apply_word("stages.*.batch", "3", "--batch");
  EXPECT_EQ(sample.stages[1].batch, 3);
  EXPECT_THAT(failure_of([&] { fields.apply_word("stages.*.batch", "x", "--batch"); }),
              HasSubstr("78 --batch: stages[0]: batch must be an integer from 1 to 1000"));
  EXPECT_EQ(fields.sources().at("stages"), "--batch");
}

TEST(Settings, MembersOfListsAreDescribed) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  const std::vector<Field> members = fields.find("stages")->members();
  ASSERT_EQ(members.size(), 4u);
  EXPECT_EQ(members[3].key, "optimizer.beta2");
  EXPECT_EQ(members[1].help, "examples");
  EXPECT_EQ(members[1].get(), 8);
}

TEST(Settings, ATildeThatNoShellExpandedIsExplained) {
  for (const char* assignment : {"title=~/books", "words=~", "words=[\"a\",\"~/b\"]", "stages.0.name=~/c"})
    EXPECT_THAT(override_with(assignment),
                testing::AllOf(HasSubstr("78 --set"), HasSubstr("~ is not expanded"), HasSubstr("$HOME")))
        << assignment;
  EXPECT_EQ(override_with("title=~user is a name"), "no error");
  EXPECT_THAT(apply(R"({"title": "~/x"})"), HasSubstr("~ is not expanded"));
}

TEST(Settings, DumpAndApplyAreInverse) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  for (const char* assignment :
       {"steps=3", "seed=18446744073709551615", "rate=0.1", "words=[]", "title=é",
        "stages=[{\"optimizer\":{\"beta1\":0.25}},{}]", "optimizer.beta2=0.3333333333333333"})
    fields.apply_override(assignment);
  Sample copy;
  Fields copied;
  copy.describe(copied);
  copied.apply(parse_json(to_pretty(fields.dump()), "dump"), "dump");
  EXPECT_EQ(to_line(copied.dump()), to_line(fields.dump()));
  EXPECT_EQ(copy.stages.at(0).optimizer.beta1, 0.25);
}

TEST(Settings, FileThenOverridesInOrder) {
  const TempFolder folder;
  const fs::path file = folder.put("c.json", "{\"steps\": 5, \"rate\": 0.25} // why");
  Sample sample;
  const Fields fields = resolve(sample, file, {"steps=6", "steps=7"});
  EXPECT_EQ(sample.steps, 7);
  EXPECT_EQ(sample.rate, 0.25);
  EXPECT_EQ(fields.sources().at("steps"), "--set");
  EXPECT_EQ(fields.sources().at("rate"), file.string());
  EXPECT_EQ(fields.sources().at("seed"), "default");
  Sample other;
  EXPECT_THAT(failure_of([&] { resolve(other, folder / "none.json", {}); }), HasSubstr("66 no such file"));
}

TEST(Settings, ResultSettingsLeaveRuntimeOnesOut) {
  Sample sample;
  Fields fields;
  sample.describe(fields);
  const Json result = fields.result_settings();
  EXPECT_TRUE(result.contains("optimizer.beta1"));
  EXPECT_TRUE(result.contains("seed"));
  EXPECT_FALSE(result.contains("threads"));
}

TEST(Suggest, TheNearestAndOfEqualsTheFirst) {
  EXPECT_EQ(nearest("trian", {"eval", "train", "qa"}), "train");
  EXPECT_EQ(nearest("abcdxy", {"abcdef", "abcdgh"}), "abcdef");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Suggest, WhatIsFarIsNoSuggestion) {
  for (const char* far : {"x", "lr", "help", "show", "version", "report"})
    EXPECT_EQ(nearest(far, {"qa", "train", "synth", "eval"}), "") << far;
  EXPECT_EQ(did_you_mean(""), "");
  EXPECT_EQ(did_you_mean("steps"), "did you mean \"steps\"?");
}

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("setps", "steps"), 1u) << "neighbours swapped";
  EXPECT_EQ(edit_distance("ab", "ba"), 1u);
  EXPECT_EQ(edit_distance("steps", "step"), 1u);
  EXPECT_EQ(edit_distance("step", "steps"), 1u);
}

}  // namespace
}  // namespace film

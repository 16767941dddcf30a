// Records keep every member through JSON, and errors name the key.
#include "film/records/records.h"

#include <gtest/gtest.h>

#include "../support/failure.h"
#include "film/records/run_facts.h"
#include "film/records/scores.h"
#include "film/records/synth_facts.h"

namespace film {
namespace {

using support::failure_of;

template <class T>
void expect_round_trip(const std::string& line) {
  EXPECT_EQ(to_line(to_json(from_json<T>(parse_json(line, "t"), "t"))), line);
}

TEST(Records, KeepEveryMemberAndItsOrder) {
  expect_round_trip<DocumentInfo>(
      R"({"id":3,"source":"a.txt","line":0,"title":"T","split":"validation","segments":7})");
  expect_round_trip<Needle>(R"({"attribute":"a","value":"v","sentence":"The a is v."})");
  expect_round_trip<Context>(
      R"({"id":1,"kind":"short","split":"test","target_tokens":0,"tokens":9,"segments":[4,5],"evidence":[1]})");
  expect_round_trip<Example>(
      R"({"id":1,"context":2,"kind":"general","split":"train","questions":[{"question":"q","answer":"a",)"
      R"("evidence":[0,3],"labels":{"type":"cloze"}}]})");
  expect_round_trip<Prediction>(
      R"({"task":"in2","id":"0-1","output":"o","expected":"e","position":0.75,"slot":1,"slots":2,"score":1.0})");
  expect_round_trip<Score>(
      R"({"task":"t","metric":"m","pattern":"","count":2,"average":1.5,"low":0.0,"high":3.0,"gap":1.0,)"
      R"("positions":[{"begin":0.0,"end":0.5,"count":1,"mean":1.0,"low":0.0,"high":2.0}],"notes":{}})");
  expect_round_trip<TrainFacts>(
      R"({"kind":"train","model":"m","device":"d","steps":1,"pairs":2,"tokens":3,"tokenizer_sha256":"h",)"
      R"("left_out":[],"final_checkpoint":"c"})");
  expect_round_trip<EvalFacts>(R"({"kind":"eval","report":"report.html"})");
}

TEST(Records, NameWhatIsWrong) {
  const auto context = [](const std::string& line) {
    return failure_of([&] { from_json<Context>(parse_json(line, "t"), "part.jsonl:3"); });
  };
  EXPECT_EQ(context("[]"), "65 part.jsonl:3: the record has the wrong type: []");
  EXPECT_EQ(context(R"({"id":1})"), "65 part.jsonl:3: key \"kind\" is missing");
  EXPECT_EQ(context(R"({"id":-1})"), "65 part.jsonl:3: key \"id\" has the wrong type: -1");
  EXPECT_EQ(context(R"({"id":1,"kind":"long"})"),
            "65 part.jsonl:3: key \"kind\" is \"long\", expected fine_grained, integration, short");
  EXPECT_EQ(
      context(
          R"({"id":1,"kind":"short","split":"train","target_tokens":0,"tokens":0,"segments":[4294967296]})"),
      "65 part.jsonl:3: key \"segments\" has the wrong type: [4294967296]");
  EXPECT_EQ(failure_of([] {
              from_json<Example>(parse_json(R"({"id":1,"context":2,"kind":"x","split":"test","questions":[
                {"question":"q","answer":"a","evidence":[]},{"question":"q"}]})",
                                            "t"),
                                 "e");
            }),
            "65 e: key \"questions[1].answer\" is missing");
}

TEST(Records, LabelsMayBeMissing) {
  const auto q = from_json<Question>(parse_json(R"({"question":"q","answer":"a","evidence":[]})", "t"), "t");
  EXPECT_EQ(q.labels, Json::object());
}

// What is there only sometimes: an empty optional has no key, or is an empty object.
TEST(SynthFacts, LeavesOutWhatThereIsNot) {
  SynthFacts facts;
  Json json = to_json(facts);
  EXPECT_FALSE(json.contains("records"));
  EXPECT_FALSE(json.at("contexts").contains("target_deviation"));
  EXPECT_EQ(json.at("contexts").at("lengths"), Json::object());
  EXPECT_EQ(to_json(from_json<SynthFacts>(json, "t")), json);
  facts.needles.emplace().planted["city"] = 4;
  facts.contexts.lengths.emplace().counts = {1, 2};
  facts.contexts.by_kind["short"].tokens = 5;
  json = to_json(facts);
  EXPECT_EQ(json.at("records").at("planted").at("city"), 4);
  EXPECT_EQ(to_json(from_json<SynthFacts>(json, "t")), json);
  json["corpus"]["by_split"]["test"].erase("tokens");
  EXPECT_EQ(failure_of([&] { from_json<SynthFacts>(json, "manifest.json"); }),
            "65 manifest.json: key \"corpus.by_split.test.tokens\" is missing");
  json["kind"] = "qa";
  EXPECT_EQ(failure_of([&] { from_json<SynthFacts>(json, "manifest.json"); }),
            "65 manifest.json: key \"kind\" is \"qa\", expected synth");
}

}  // namespace
}  // namespace film

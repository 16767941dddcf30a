// JSON: what the parser would let through or die of.
#include "film/base/json.h"

#include "support.h"

namespace film {
namespace {

using testing::HasSubstr;
using testing_base::failure_of;
using testing_base::TempFolder;

std::string nested(std::size_t depth, char open, char close) {
  return std::string(depth, open) + std::string(depth, close);
}

TEST(Json, ParsesAndKeepsTheOrderOfKeys) {
  const Json json = parse_json(R"({"b": 1, "a": [true, null, 1.5, "x"]})", "here");
  EXPECT_EQ(to_line(json), R"({"b":1,"a":[true,null,1.5,"x"]})");
  EXPECT_EQ(to_pretty(parse_json(R"({"a":1})", "here")), "{\n  \"a\": 1\n}\n");
}

TEST(Json, ErrorsNameTheSource) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":}", "nul", "{\"a\":1} x", "\"\\q\"", "1e999", "{'a':1}"})
    EXPECT_THAT(failure_of([&] { parse_json(text, "f.jsonl:3"); }),
                testing::MatchesRegex("65 f.jsonl:3: not valid JSON: [^[].*"))
        << text;
}

TEST(Json, DuplicateKeysAreAnError) {
  EXPECT_EQ(failure_of([] { parse_json(R"({"a":1,"b":2,"a":3})", "f"); }),
            "65 f: duplicate key \"a\" | keep one of the two");
  EXPECT_THAT(failure_of([] { parse_json(R"({"x":[{"k":1,"k":1}]})", "f"); }),
              HasSubstr("duplicate key \"k\""));
  EXPECT_THAT(failure_of([] { parse_json(R"({"a":1,"\u0061":2})", "f"); }), HasSubstr("duplicate key"));
  EXPECT_EQ(failure_of([] { parse_json(R"({"a":{"a":{"b":1}},"b":[{"a":1},{"a":2}]})", "f"); }), "no error");
  EXPECT_THAT(failure_of([] { parse_json(R"({"a":1,"b":{"c":1},"a":2})", "f"); }),
              HasSubstr("duplicate key"));
}

TEST(Json, DepthIsLimited) {
  EXPECT_EQ(failure_of([] { parse_json(nested(64, '[', ']'), "f"); }), "no error");
  EXPECT_EQ(failure_of([] { parse_json(nested(65, '[', ']'), "f"); }), "65 f: nested deeper than 64 levels");
  EXPECT_THAT(failure_of([] { parse_json(nested(64, '[', ']').insert(64, "{}"), "f"); }),
              HasSubstr("deeper"));
  std::string objects;
  for (int i = 0; i < 65; ++i) objects += "{\"a\":";
  EXPECT_THAT(failure_of([&] { parse_json(objects + "1" + std::string(65, '}'), "f"); }),
              HasSubstr("nested deeper"));
}

// The parser's own tree would overflow the stack when copied or dumped.
TEST(Json, HundredThousandBracketsDoNotCrash) {
  EXPECT_THAT(failure_of([] { parse_json(nested(100'000, '[', ']'), "f"); }), HasSubstr("nested deeper"));
  EXPECT_THAT(failure_of([] { parse_json(std::string(100'000, '['), "f"); }), HasSubstr("nested deeper"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(failure_of([&] { parse_json(objects, "f"); }), HasSubstr("nested deeper"));
}

TEST(Json, EveryTruncationIsAnErrorNotACrash) {
  const std::string text = R"({"a": [1, 2.5e3, "é\n", {"b": null}], "c": true})";
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_THAT(failure_of([&] { parse_json(text.substr(0, size), "f"); }), testing::StartsWith("65 f: "))
        << size;
  EXPECT_EQ(failure_of([&] { parse_json(text, "f"); }), "no error");
}

TEST(Json, CommentsOnlyWhereAsked) {
  const char* text = "// one\n{\"a\": /* two */ 1}";
  EXPECT_EQ(to_line(parse_json(text, "f", true)), R"({"a":1})");
  EXPECT_THAT(failure_of([&] { parse_json(text, "f"); }), HasSubstr("not valid JSON"));
  const TempFolder folder;
  EXPECT_EQ(read_json(folder.put("a.json", text)).at("a"), 1);
  EXPECT_THAT(failure_of([&] { read_json(folder / "none.json"); }), HasSubstr("66 no such file: "));
}

// Bytes from an endpoint may be anything; a record is written all the same.
TEST(Json, BadUtf8IsReplacedOnTheWayOut) {
  EXPECT_EQ(to_line(Json{{"text", "a\xff z"}}), "{\"text\":\"a\xEF\xBF\xBD z\"}");
  EXPECT_EQ(parse_json(to_line(Json{{"text", "\xc3"}}), "f").at("text"), "\xEF\xBF\xBD");
  EXPECT_EQ(to_line(Json("é日本\n\x01")), "\"é日本\\n\\u0001\"");
  EXPECT_THAT(failure_of([] { parse_json("\"a\xff\"", "f"); }), HasSubstr("65 f: not valid JSON"));
}

TEST(Json, TryingIsNoException) {
  EXPECT_EQ(try_parse_json("[1]"), Json({1}));
  EXPECT_EQ(try_parse_json("null"), Json());
  std::string problem;
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"", "not valid JSON: parse error at line 1, column 1"},
           {"{", "not valid JSON: parse error at line 1, column 2"},
           {"[1] x", "not valid JSON: parse error at line 1, column 5"},
           {"1e999", "not valid JSON: number overflow"},
           {R"({"a":1,"a":2})", "duplicate key \"a\""},
           {nested(65, '[', ']'), "nested deeper than 64 levels"}}) {
    EXPECT_EQ(try_parse_json(text, &problem), std::nullopt) << text;
    EXPECT_THAT(problem, testing::StartsWith(expected)) << text;
    EXPECT_EQ(failure_of([&] { parse_json(text, "f"); }).substr(0, 6 + problem.size()), "65 f: " + problem);
  }
}

// The builder of our own makes what the library's makes, in the order of the text.
TEST(Json, SameAsTheLibrarysOwnParser) {
  for (const char* text :
       {"{}", "[]", "0", "-1", "18446744073709551615", "-9223372036854775808", "1.5e-7", "\"\\u00e9\\n\"",
        "true", R"({"z":[{"a":[[],[{}]],"b":{"c":null}},2],"y":{"x":{"w":[1,{"v":false}]}},"t":""})"}) {
    EXPECT_EQ(parse_json(text, "f"), Json::parse(text)) << text;
    EXPECT_EQ(to_line(parse_json(text, "f")), to_line(Json::parse(text))) << text;
    EXPECT_EQ(parse_json(text, "f").type(), Json::parse(text).type()) << text;
  }
}

TEST(Json, MemberTakesNothingSilently) {
  const Json object = parse_json(
      R"({"one": 1, "minus": -1, "big": 4294967296, "half": 1.5, "yes": true, "text": "t", "list": [1, -1]})",
      "f");
  EXPECT_EQ(member<int>(object, "one", "f"), 1);
  EXPECT_EQ(member<double>(object, "one", "f"), 1.0);
  EXPECT_EQ(member<std::vector<int>>(object, "list", "f"), (std::vector{1, -1}));
  const auto failure = [&]<class T>(const char* key, T) {
    return failure_of([&] { member<T>(object, key, "f:2"); });
  };
  EXPECT_EQ(failure("none", 0), "65 f:2: key \"none\" is missing");
  EXPECT_EQ(failure("half", 0), "65 f:2: key \"half\" has the wrong type: 1.5");
  EXPECT_EQ(failure("minus", 0u), "65 f:2: key \"minus\" has the wrong type: -1");
  EXPECT_EQ(failure("big", 0u), "65 f:2: key \"big\" has the wrong type: 4294967296");
  EXPECT_EQ(failure("yes", 0), "65 f:2: key \"yes\" has the wrong type: true");
  EXPECT_EQ(failure("yes", 0.0), "65 f:2: key \"yes\" has the wrong type: true");
  EXPECT_EQ(failure("one", std::string()), "65 f:2: key \"one\" has the wrong type: 1");
  EXPECT_EQ(failure("one", false), "65 f:2: key \"one\" has the wrong type: 1");
  EXPECT_EQ(failure("list", std::vector<std::uint64_t>()), "65 f:2: key \"list\" has the wrong type: [1,-1]");
  EXPECT_THAT(failure_of([] { member<int>(Json(5), "a", "f"); }), HasSubstr("\"a\" is missing"));
}

}  // namespace
}  // namespace film

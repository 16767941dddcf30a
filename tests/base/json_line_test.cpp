// to_line writes the bytes that nlohmann's dump() writes, whatever the value.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "film/base/json.h"
#include "film/base/random.h"

namespace film {
namespace {

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

TEST(JsonLine, ValuesOfEveryKind) {
  const std::vector<Json> values = {
      nullptr,
      true,
      false,
      0,
      -7,
      std::numeric_limits<std::int64_t>::min(),
      std::numeric_limits<std::uint64_t>::max(),
      0.1,
      -0.0,
      1e300,
      1e22,
      3.0,
      std::numeric_limits<double>::infinity(),
      std::nan(""),
      "",
      Json::array(),
      Json::object(),
      Json::array({Json::array(), Json::object(), nullptr, "x"}),
      Json{{"", 1}, {"a\"b\\c", Json{{"\n", Json::array({1, 2.5})}}}, {"\xff", "\xc3"}},
  };
  for (const Json& value : values) EXPECT_EQ(to_line(value), dumped(value));
}

// Every byte at every place of strings longer than the blocks that are looked at together.
TEST(JsonLine, EveryByteAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t at = 0; at < 40; ++at) {
      std::string text(40, 'a');
      text[at] = static_cast<char>(byte);
      ASSERT_EQ(to_line(Json(text)), dumped(Json(text))) << byte << " at " << at;
    }
}

TEST(JsonLine, RandomStrings) {
  const std::vector<std::string> parts = {"a",        "word ", "\"",     "\\",     "\n",
                                          "\x01",     "\x7f",  "\u00e9", "\u65e5", "\U0001F600",
                                          "\xe6\x97", "\x80",  "\xff",   "\ufffd"};
  for (std::size_t i = 0; i < 20'000; ++i) {
    Random random(5, "json.line", i);
    std::string text;
    for (std::uint64_t left = random.below(30); left > 0; --left) text += parts[random.below(parts.size())];
    ASSERT_EQ(to_line(Json(text)), dumped(Json(text))) << i;
  }
}

TEST(JsonLine, DuplicateKeysAreFoundInObjectsOfAnySize) {
  for (const int size : {2, 15, 16, 17, 18, 40, 300})
    for (const int first : {0, (size - 1) / 2, size - 2}) {
      std::string text = "{";
      for (int i = 0; i + 1 < size; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
      std::string problem;
      EXPECT_TRUE(try_parse_json(text + "\"other\":1}")) << size;
      EXPECT_FALSE(try_parse_json(text + "\"k" + std::to_string(first) + "\":1}", &problem));
      EXPECT_EQ(problem, "duplicate key \"k" + std::to_string(first) + "\"") << size;
    }
}

}  // namespace
}  // namespace film

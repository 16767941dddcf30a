#include "film/base/script.h"

#include <gtest/gtest.h>

namespace film {
namespace {

TEST(Script, IsThatOfMostLetters) {
  const struct {
    const char* text;
    const char* script;
  } cases[] = {{"Which lamp?", "Latn"},
               {"Ärger 12", "Latn"},
               {"灯塔的钥匙在哪里？", "Hani"},
               {"请问 film 是什么意思？", "Hani"},
               {"灯台の鍵はどこ", "Jpan"},
               {"カギ", "Jpan"},
               {"Где ключ от маяка? (key)", "Cyrl"},
               {"กุญแจอยู่ที่ไหน", "Thai"},
               {"열쇠는 어디에", "Hang"},
               {"12 + 30 = 42", ""},
               {"", ""}};
  for (const auto& [text, script] : cases) EXPECT_EQ(script_of(text), script) << text;
}

TEST(Script, CodesHaveFourLetters) {
  for (const char* code : {"Latn", "Hani", "Jpan", "Thai", "Arab"}) EXPECT_TRUE(is_script(code)) << code;
  for (const char* code : {"", "latin", "Latin", "zh", "Abcd", "hani"}) EXPECT_FALSE(is_script(code)) << code;
}

}  // namespace
}  // namespace film

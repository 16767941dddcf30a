// One spelling for all typographic forms of a text, and the way back.
#include "film/base/folded_text.h"

#include <gmock/gmock.h>

namespace film {
namespace {

std::string folded(std::string_view text) { return FoldedText(text).text(); }

struct Case {
  std::string one, other;
};

TEST(FoldedText, TypographicFormsAreOne) {
  const std::vector<Case> same = {{"na\u00EFve fa\u00E7ade", "nai\u0308ve fac\u0327ade"},
                                  {"\uFB03nity of \uFB02oors", "ffinity of floors"},
                                  {"\u201CStop,\u201D she said", "\"Stop,\" she said"},
                                  {"\u00AB\u202Fjamais\u00A0\u00BB, dit-il\u202F!", "\"jamais\", dit-il!"},
                                  {"\u201Enie\u201C", "\"nie\""},
                                  {"``Dear'' me", "\"Dear\" me"},
                                  {"the miller\u2019s", "the miller's"},
                                  {"rock \u02BCn\u02BC roll", "rock 'n' roll"},
                                  {"1914\u20131918", "1914-1918"},
                                  {"yes \u2014 no", "yes--no"},
                                  {"a well\u2011known rule", "a well-known rule"},
                                  {"\u22125 degrees", "-5 degrees"},
                                  {"wait\u2026", "wait..."},
                                  {"10\u2009000\u00A0km", "10 000 km"},
                                  {"co\u00ADop\u200Bera\u2060tion\uFEFF", "cooperation"},
                                  {"\uFF26\uFF29\uFF2C\uFF2D\uFF12\uFF10", "FILM20"},
                                  {"\uFF76\uFF9E\uFF97\uFF7D", "\u30AC\u30E9\u30B9"},
                                  {"\u4F60\u597D\uFF0C\n\u4E16\u754C\uFF01", "\u4F60\u597D,\u4E16\u754C!"},
                                  {"\u300C\u597D\u300D", "\u201C\u597D\u201D"},
                                  {"two\u2581\u2581words", "two words"},
                                  {" over \t\n lines ", "over lines"},
                                  {"\u00BD cup", "1\u20442 cup"}};
  for (const Case& c : same) EXPECT_EQ(folded(c.one), folded(c.other)) << c.one;
}

TEST(FoldedText, DifferentTextsStayDifferent) {
  const std::vector<Case> different = {{"Turkey", "turkey"},    {"resume", "r\u00E9sum\u00E9"},
                                       {"recover", "re-cover"}, {"its", "it's"},
                                       {"a b", "ab"},           {"\u4E00", "-"},
                                       {"1.5", "15"},           {"x!", "x"}};
  for (const Case& c : different) EXPECT_NE(folded(c.one), folded(c.other)) << c.one;
}

TEST(FoldedText, PlainEnglishIsItself) {
  const std::string text = "It was the baker's, not mine: 3.5 loaves (of 4) and a well-known cake.";
  EXPECT_EQ(folded(text), text);
  EXPECT_EQ(folded(""), "");
  EXPECT_EQ(folded(" \u200B "), "");
}

TEST(FoldedText, LeadsBackToTheOriginal) {
  const std::string original = "He\u00ADre \u201Ccafe\u0301\u201D \u2014 \uFB01ne\u2026 end";
  const FoldedText text(original);
  EXPECT_EQ(text.text(), "Here\"caf\u00E9\"-fine... end");
  const auto back = [&](std::string_view part) {
    const std::size_t at = text.text().find(part);
    const FoldedText::Place place = text.original(at, at + part.size());
    return original.substr(place.begin, place.end - place.begin);
  };
  EXPECT_EQ(back("Here"), "He\u00ADre");
  EXPECT_EQ(back("caf\u00E9"), "cafe\u0301");
  EXPECT_EQ(back("\"caf\u00E9\""), "\u201Ccafe\u0301\u201D");
  EXPECT_EQ(back("fine"), "\uFB01ne");
  EXPECT_EQ(back("ine..."), "\uFB01ne\u2026");
  EXPECT_EQ(back("end"), "end");
}

}  // namespace
}  // namespace film

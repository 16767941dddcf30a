// Needles: one sentence more and nothing else changed.
#include "corpus/planter.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "../support/corpus.h"

namespace film::corpus {
namespace {

NeedleSettings needles() {
  NeedleSettings settings;
  settings.fraction = 1;
  settings.sentence = "The key of {attribute} is {value}.";
  settings.attributes = {{"river", {"amber", "silver"}}, {"tower", {"seven", "eight", "nine"}}};
  return settings;
}

// The text without the sentence and the one separator that came with it: a newline where the sentence is a
// line of its own, a space behind a sentence within a line.
std::string without(const std::string& text, const std::string& sentence) {
  const std::size_t at = text.find(sentence), after = at + sentence.size();
  const bool line_start = at == 0 || text[at - 1] == '\n';
  if (after == text.size() && at > 0) return text.substr(0, at - 1);
  EXPECT_EQ(text[after], line_start ? '\n' : ' ');
  return text.substr(0, at) + text.substr(after + 1);
}

TEST(Planter, ChangesNothingElse) {
  const NeedleSettings settings = needles();
  const Planter planter(settings, 7);
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed, "text");
    const std::string text = support::random_text(random, random.below(12));
    const auto planting = planter.plant(text, seed, 3);
    ASSERT_TRUE(planting);
    const Needle& needle = planting->needle;
    EXPECT_EQ(needle.sentence, "The key of " + needle.attribute + " is " + needle.value + ".");
    EXPECT_EQ(settings.attributes[planting->attribute].name, needle.attribute);
    EXPECT_EQ(without(planting->text, needle.sentence), text);
  }
}

TEST(Planter, ReachesEveryPlaceEquallyOften) {
  const NeedleSettings settings = needles();
  const Planter planter(settings, 7);
  const std::string text = "First one. Second one! third\nNew line";
  std::map<std::size_t, int> places;
  for (std::uint64_t segment = 0; segment < 6000; ++segment) {
    const auto planting = planter.plant(text, 1, segment);
    ++places[planting->text.find("The key of")];
  }
  ASSERT_EQ(places.size(), 5u);  // the start, behind two sentences, the start of a line, the end
  for (const auto& [place, count] : places) EXPECT_NEAR(count, 1200, 150) << place;
}

// In scripts without blanks between sentences the needle goes between two of them without one.
TEST(Planter, FindsSentencesOfScriptsWithoutBlanks) {
  NeedleSettings settings = needles();
  settings.sentence = "{attribute}的钥匙是{value}。";
  const Planter planter(settings, 7);
  const std::string first = "河水流过山谷。", second = "船在港口等待！", text = first + second + "灯亮了";
  std::set<std::string> expected, found;
  const std::string needle = "N";
  expected = {needle + "\n" + text, first + needle + second + "灯亮了", first + second + needle + "灯亮了",
              text + "\n" + needle};
  for (std::uint64_t segment = 0; segment < 200; ++segment) {
    const auto planting = planter.plant(text, 1, segment);
    std::string planted = planting->text;
    found.insert(
        planted.replace(planted.find(planting->needle.sentence), planting->needle.sentence.size(), needle));
  }
  EXPECT_EQ(found, expected);
}

TEST(Planter, DrawsAttributesAndValuesEvenly) {
  const NeedleSettings settings = needles();
  const Planter planter(settings, 7);
  std::map<std::string, int> attributes, values;
  for (std::uint64_t document = 0; document < 6000; ++document) {
    const auto planting = planter.plant("text", document, 0);
    ++attributes[planting->needle.attribute];
    ++values[planting->needle.value];
  }
  for (const auto& [name, count] : attributes) EXPECT_NEAR(count, 3000, 200) << name;
  EXPECT_NEAR(values["amber"], 1500, 160);
  EXPECT_NEAR(values["nine"], 1000, 130);
}

TEST(Planter, PutsSeveralDifferentValuesIntoANeedle) {
  NeedleSettings settings = needles();
  settings.attributes = {{"list", {"a", "b", "c", "d"}}};
  settings.values_per_needle = 3;
  const Planter planter(settings, 7);
  std::map<std::string, int> values;
  for (std::uint64_t document = 0; document < 2400; ++document)
    ++values[planter.plant("text", document, 0)->needle.value];
  EXPECT_EQ(values.size(), 24u);  // all sequences of three of the four
  for (const auto& [value, count] : values) {
    EXPECT_NEAR(count, 100, 45) << value;
    EXPECT_EQ(std::set<char>({value[0], value[2], value[4]}).size(), 3u) << value;
  }
}

// A name is put in as it is, even where it looks like a place to fill.
TEST(Planter, FillsNoPlaceInAName) {
  NeedleSettings settings = needles();
  settings.sentence = "{attribute}: {value}.";
  settings.attributes = {{"the {value}", {"amber"}}};
  EXPECT_EQ(Planter(settings, 7).plant("text", 1, 0)->needle.sentence, "the {value}: amber.");
}

TEST(Planter, GivesTheShareAskedFor) {
  NeedleSettings settings = needles();
  settings.fraction = 0.25;
  const Planter planter(settings, 7);
  int planted = 0;
  for (std::uint64_t segment = 0; segment < 8000; ++segment)
    planted += planter.plant("text", 5, segment) ? 1 : 0;
  EXPECT_NEAR(planted, 2000, 160);
  settings.fraction = 0;
  EXPECT_FALSE(planter.plant("text", 5, 0));
}

TEST(Planter, DependsOnSeedDocumentAndSegmentAlone) {
  const NeedleSettings settings = needles();
  const Planter one(settings, 7), other(settings, 8);
  const std::string text = "A. B. C. D.";
  EXPECT_EQ(one.plant(text, 1, 2)->text, one.plant(text, 1, 2)->text);
  int same = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    same += one.plant(text, 1, i)->text == other.plant(text, 1, i)->text ? 1 : 0;
    same += one.plant(text, 1, i)->text == one.plant(text, 2, i)->text ? 1 : 0;
  }
  EXPECT_LT(same, 30);
}

}  // namespace
}  // namespace film::corpus

// Contexts as they are shown: marked, and shortened around what matters.
#include "film/records/samples.h"

#include <gtest/gtest.h>

namespace film {
namespace {

// "a *e* …3 ~t~": parts in a line, evidence in stars, where a wrong answer occurs in tildes.
std::string line_of(const std::vector<ContextPart>& parts) {
  std::string line;
  for (const ContextPart& part : parts) {
    if (!line.empty()) line += ' ';
    if (part.left_out > 0)
      line += "…" + std::to_string(part.left_out);
    else
      line += part.evidence ? "*" + part.text + "*" : part.taken ? "~" + part.text + "~" : part.text;
  }
  return line;
}

std::vector<std::string> letters(char last) {
  std::vector<std::string> list;
  for (char c = 'a'; c <= last; ++c) list.emplace_back(1, c);
  return list;
}

TEST(Samples, AllPiecesMarked) {
  EXPECT_EQ(line_of(marked(letters('d'), std::vector<std::uint32_t>{1, 3})), "a *b* c *d*");
  EXPECT_EQ(line_of(marked(letters('b'), std::vector<std::uint32_t>{7})), "a b");
}

TEST(Samples, ShortenedAroundTheEvidence) {
  const struct {
    char last;
    std::vector<std::uint32_t> evidence;
    const char* line;
  } rows[] = {
      {'a', {0}, "*a*"},        {'c', {1}, "a *b* c"},           {'j', {0}, "*a* b …7 j"},
      {'j', {9}, "a …7 i *j*"}, {'j', {4}, "a …2 d *e* f …3 j"}, {'j', {2, 7}, "a b *c* d …2 g *h* i j"},
      {'j', {}, "a …8 j"}};
  for (const auto& row : rows)
    EXPECT_EQ(line_of(around_evidence(letters(row.last), row.evidence, "")), row.line);
}

TEST(Samples, ShowsWhereAWrongAnswerOccurs) {
  std::vector<std::string> pieces(9, "Grass.");
  pieces[1] = "The fox is Grey.";
  pieces[7] = "The owl is brown.";
  const std::vector<std::uint32_t> evidence{1};
  const std::pair<const char*, bool> rows[] = {{"Brown", true}, {" brown ", true}, {"row", false},
                                               {"grey", false}, {"", false},       {"s", false},
                                               {"blue", false}};
  for (const auto& [taken, found] : rows)
    EXPECT_EQ(line_of(around_evidence(pieces, evidence, taken)),
              found ? "Grass. *The fox is Grey.* Grass. …3 Grass. ~The owl is brown.~ Grass."
                    : "Grass. *The fox is Grey.* Grass. …5 Grass.")
        << taken;
}

TEST(Samples, LongTextsLoseTheirMiddle) {
  EXPECT_EQ(without_middle("just short", 10), "just short");
  EXPECT_EQ(without_middle("0123456789abcdef", 6), "012 … 10 characters left out … def");
  const std::string chinese = without_middle("海上生明月天涯共此时情人怨遥夜", 6);
  EXPECT_EQ(chinese, "海 … 13 characters left out … 夜");
  EXPECT_EQ(without_middle("", 6), "");
}

TEST(Samples, JsonThereAndBack) {
  AnswerSample sample{
      "m", "Why?", {"t", "1", "x", "y", {}, {}, 0}, {{"a", true, false, 0}, {"", false, false, 12}}};
  const Json json = to_json(sample);
  EXPECT_EQ(to_json(from_json<AnswerSample>(json, "t")), json);
}

}  // namespace
}  // namespace film

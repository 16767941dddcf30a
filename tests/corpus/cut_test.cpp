// One long document -> parts: where headings are, and where they are not.
#include "corpus/cut.h"

#include <gmock/gmock.h>

#include "../support/corpus.h"
#include "corpus/headings.h"
#include "film/base/strings.h"

namespace film::corpus {
namespace {

using testing::ElementsAre;

const text::Tokenizer& tokenizer() {
  static const text::Tokenizer loaded = text::Tokenizer::load(support::small_model());
  return loaded;
}

// The headings among the lines of a text.
std::vector<std::string> headings(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, "\n");
  std::vector<std::string> found;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (is_heading(lines, i)) found.emplace_back(lines[i]);
  return found;
}

TEST(Headings, AreToldByTheLineAndItsNeighbours) {
  EXPECT_THAT(headings("# One\ntext\n### Two ##\n#hashtag\n#\n####### seven"),
              ElementsAre("# One", "### Two ##"));
  EXPECT_THAT(headings("A title\n=======\n\nAnother\n-------\n\ntext\n---\n\nlonger than the line\n---"),
              ElementsAre("A title", "Another", "text"));
  EXPECT_THAT(headings("CHAPTER I\n\nPart the Second: Of Ships\n\nEpilogue\n\nKapitel 3\n\nГлава 7"),
              ElementsAre("CHAPTER I", "Part the Second: Of Ships", "Epilogue", "Kapitel 3", "Глава 7"));
  EXPECT_THAT(headings("XIV.\n\ntext\n\n3.2 On mills\n\n12\n\n1. Buy bread.\n\nII\nnot alone"),
              ElementsAre("XIV.", "3.2 On mills", "12"));
  EXPECT_THAT(headings("第一章 起程\n正文\n第十二回\n第3节 结论\n第一次见面\n第章"),
              ElementsAre("第一章 起程", "第十二回", "第3节 结论"));
  EXPECT_THAT(
      headings("\nParting is hard.\n\nchapters were long\n\nPart of it was true, he said,\nand left\n\n"
               "Act as one.\n\nBook it. Then go home and wait for the answer to come.\n"),
      ElementsAre());
}

std::string prose(std::size_t paragraphs, std::uint64_t seed) {
  Random random(seed, "prose");
  std::string text;
  for (std::size_t p = 0; p < paragraphs; ++p) {
    for (int line = 0; line < 3; ++line) {
      for (int word = 0; word < 9; ++word) text += support::pick_word(random) + " ";
      text += "on.\n";
    }
    text += "\n";
  }
  return text + "The end.";
}

std::vector<DocumentPart> cut(const std::string& text, std::uint32_t tokens) {
  return cut_document(text, tokenizer(), {CutWhen::longer, tokens});
}

std::string joined(const std::vector<DocumentPart>& parts) {
  std::string text;
  for (const DocumentPart& part : parts) {
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')) + (text.empty() ? 0 : 1), part.line);
    text += (text.empty() ? "" : "\n") + part.text;
  }
  return text;
}

TEST(CutDocument, PartsAreTheText) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::string text = prose(5 + seed * 3, seed);
    for (const std::uint32_t tokens : {16u, 200u, 1000u, 1'000'000u})
      EXPECT_EQ(joined(cut(text, tokens)), text);
  }
  for (const char* text : {"", "one line", "\n", "\n\na\n"}) EXPECT_EQ(joined(cut(text, 16)), text);
}

TEST(CutDocument, PartsBeginAtParagraphsAndAreAboutAsLongAsAsked) {
  const std::vector<DocumentPart> parts = cut(prose(200, 1), 600);
  ASSERT_GT(parts.size(), 10u);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t tokens = tokenizer().encode_continuation(parts[i].text).size();
    EXPECT_FALSE(parts[i].text.starts_with('\n'));
    EXPECT_LT(tokens, 1000u);
    EXPECT_GT(tokens, i + 1 < parts.size() ? 500u : 150u);
  }
}

// A paragraph that is longer than a part is followed by a blank line, and that by a heading.
TEST(CutDocument, AHeadingBehindALongParagraphBeginsAPart) {
  for (const char* heading : {"# Evening", "Chapter 2", "第二章"}) {
    std::string paragraph = prose(30, 3);
    std::ranges::replace(paragraph, '\n', ' ');
    const std::vector<DocumentPart> parts = cut(paragraph + "\n\n" + heading + "\n\n" + paragraph, 64);
    ASSERT_EQ(parts.size(), 2u) << heading;
    EXPECT_TRUE(parts[1].text.starts_with(heading)) << heading;
  }
}

TEST(CutDocument, PartsEndBeforeHeadings) {
  std::string text = "# Front\n\n" + prose(9, 1);
  for (int chapter = 1; chapter <= 5; ++chapter)
    text += "\n\nChapter " + std::to_string(chapter) + "\n\n" + prose(8, static_cast<std::uint64_t>(chapter));
  std::vector<std::string> titles;
  for (const DocumentPart& part : cut(text, 2000)) titles.push_back(part.heading);
  EXPECT_THAT(titles, ElementsAre("Front", "Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4", "Chapter 5"));
  // Where a chapter holds less than a quarter, the next one joins it.
  EXPECT_LT(cut(text, 6000).size(), 5u);
}

}  // namespace
}  // namespace film::corpus

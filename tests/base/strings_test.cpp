// Trimming, case and white space: ASCII as it ever was, all else by Unicode properties.
#include "film/base/strings.h"

#include "support.h"

namespace film {
namespace {

using testing_base::random_text;

constexpr std::string_view kAscii = "aZ09_ .!?,;'\"()-\t\n\r\v\f\x01\x7f";

TEST(Strings, CodePointsForwardAndBackward) {
  const std::string text = "aé€😀";
  const std::vector<CodePoint> expected = {{'a', 1}, {U'é', 2}, {U'€', 3}, {U'😀', 4}};
  std::size_t at = 0;
  for (const CodePoint& c : expected) {
    EXPECT_EQ(code_point_at(text, at).value, c.value);
    EXPECT_EQ(code_point_at(text, at).size, c.size);
    at += c.size;
    EXPECT_EQ(code_point_before(text, at).value, c.value);
    EXPECT_EQ(code_point_before(text, at).size, c.size);
  }
  EXPECT_EQ(code_point_at(text, at).size, 0u);
  EXPECT_EQ(code_point_before(text, 0).size, 0u);
}

// Overlong forms, surrogates, cut sequences and stray bytes: each byte is one U+FFFD, and none is passed over.
TEST(Strings, InvalidUtf8IsOneReplacementPerByte) {
  for (const std::string text :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\x80", "\xf5\x80\x80\x80"}) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      EXPECT_EQ(code_point_at(text, at).value, 0xFFFDu);
      EXPECT_EQ(code_point_at(text, at).size, 1u);
      EXPECT_EQ(code_point_before(text, at + 1).value, 0xFFFDu);
      EXPECT_EQ(code_point_before(text, at + 1).size, 1u);
    }
    EXPECT_EQ(to_lower("A" + text + "B"), "a" + text + "b") << "bytes that are no characters stay";
    EXPECT_EQ(normalize_whitespace("a \t" + text), "a " + text);
  }
}

TEST(Strings, BackwardIsForwardReversed) {
  for (std::uint64_t item = 0; item < 500; ++item) {
    Random random(1, "utf8", item);
    const std::string text = random_text(random, {"a", "é", "€", "😀", "\xff", "\xe2", "\x80", "中"}, 12);
    std::vector<char32_t> forward, backward;
    for (std::size_t at = 0; at < text.size(); at += code_point_at(text, at).size)
      forward.push_back(code_point_at(text, at).value);
    for (std::size_t at = text.size(); at > 0; at -= code_point_before(text, at).size)
      backward.insert(backward.begin(), code_point_before(text, at).value);
    EXPECT_EQ(forward, backward) << text;
  }
}

TEST(Strings, Trim) {
  EXPECT_EQ(trim(" \t\r\n\v\f a b \n"), "a b");
  EXPECT_EQ(trim("　段落\u00A0\u2028"), "段落") << "ideographic and no-break spaces, line separator";
  EXPECT_EQ(trim("** a *b* **", "*"), "a *b");
  EXPECT_EQ(trim("—「北京。」！", "—「」。！"), "北京") << "characters of several bytes";
  EXPECT_EQ(trim("é", "è"), "é") << "they are compared whole";
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\u200Ba"), "\u200Ba") << "a zero-width space is not white space";
}

TEST(Strings, ByteOrderMarkOnlyAtTheBeginning) {
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBFx"), "\xEF\xBB\xBFx");
  EXPECT_EQ(without_byte_order_mark("x\xEF\xBB\xBF"), "x\xEF\xBB\xBF");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB"), "\xEF\xBB");
}

TEST(Strings, LowerCase) {
  EXPECT_EQ(to_lower("AZ[`az{@09"), "az[`az{@09");
  EXPECT_EQ(to_lower("ÄÖÜ ÉÀ ΑΩ ЖЯ ǅ ꙀꙂ"), "äöü éà αω жя ǆ ꙁꙃ");
  EXPECT_EQ(to_lower("中文ก あ"), "中文ก あ");
  EXPECT_EQ(to_lower("\u212A"), "k") << "the Kelvin sign: the length changes";
  EXPECT_EQ(to_lower_ascii("AÄ\u212A"), "aÄ\u212A") << "positions stay";
}

TEST(Strings, WhiteSpaceBecomesPlain) {
  EXPECT_EQ(normalize_whitespace("  a\tb \n c\n\n d\r\n\r\ne  "), "a b c\nd\ne");
  EXPECT_EQ(normalize_whitespace("a\n \t\nb"), "a\nb") << "a blank line of blanks";
  EXPECT_EQ(normalize_whitespace("a\u00A0\u3000b"), "a b");
  EXPECT_EQ(normalize_whitespace("a\u2029b"), "a\nb") << "a paragraph separator is a blank line";
  EXPECT_EQ(normalize_whitespace("a\u2028b"), "a b");
  EXPECT_EQ(normalize_whitespace("　　第一段。\n　　第二段。"), "第一段。第二段。");
  EXPECT_EQ(normalize_whitespace("换\n行"), "换行") << "Chinese is wrapped without a blank";
  EXPECT_EQ(normalize_whitespace("かな、\nカナ"), "かな、カナ");
  EXPECT_EQ(normalize_whitespace("换 行"), "换 行") << "a blank that is there stays";
  EXPECT_EQ(normalize_whitespace("换\n\n行"), "换\n行");
  EXPECT_EQ(normalize_whitespace("用\nGPU\n训练"), "用 GPU 训练");
  EXPECT_EQ(normalize_whitespace("한국\n말"), "한국 말") << "Korean has blanks";
}

TEST(Strings, PunctuationGoes) {
  EXPECT_EQ(without_punctuation("It's_a (test)! a-b $5"), "Itsa test ab 5");
  EXPECT_EQ(without_punctuation("“curly” ‘quotes’ – 中文，好。「日本」€5"), "curly quotes  中文好日本5");
  EXPECT_EQ(without_punctuation("हिन्दी ภาษาไทย\x01"), "हिन्दी ภาษาไทย\x01");
}

TEST(Strings, SplitAndJoinAreInverse) {
  EXPECT_EQ(split("a || b ||  || c", " || ").size(), 4u);
  EXPECT_EQ(split("", ",").size(), 1u);
  EXPECT_EQ(split(",", ",").size(), 2u);
  for (std::uint64_t item = 0; item < 200; ++item) {
    Random random(2, "split", item);
    const std::string text = random_text(random, "a,b", random.below(12));
    std::vector<std::string> parts;
    for (const std::string_view part : split(text, ",")) {
      EXPECT_EQ(part.find(','), std::string_view::npos);
      parts.emplace_back(part);
    }
    EXPECT_EQ(join(parts, ","), text);
  }
}

// What questions and scores did before there was Unicode, byte for byte.
namespace before {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string flatten(std::string_view text) {
  std::string flat;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_space(text[i])) {
      flat += text[i++];
      continue;
    }
    int newlines = 0;
    for (; i < text.size() && is_space(text[i]); ++i) newlines += text[i] == '\n' ? 1 : 0;
    if (!flat.empty() && i < text.size()) flat += newlines > 1 ? '\n' : ' ';
  }
  return flat;
}

bool is_punctuation(char c) {
  return c > ' ' && c < 0x7f && !(small(c) >= 'a' && small(c) <= 'z') && !(c >= '0' && c <= '9');
}

}  // namespace before

TEST(Strings, AsciiIsAsItEverWas) {
  for (std::uint64_t item = 0; item < 3000; ++item) {
    Random random(3, "ascii", item);
    const std::string text = random_text(random, kAscii, random.below(40));
    EXPECT_EQ(normalize_whitespace(text), before::flatten(text));
    std::string lower = text, kept;
    for (char& c : lower) c = before::small(c);
    for (const char c : text)
      if (!before::is_punctuation(c)) kept += c;
    EXPECT_EQ(to_lower(text), lower);
    EXPECT_EQ(to_lower_ascii(text), lower);
    EXPECT_EQ(without_punctuation(text), kept);
    const std::size_t begin = text.find_first_not_of(" \t\r\n\v\f"),
                      end = text.find_last_not_of(" \t\r\n\v\f");
    EXPECT_EQ(trim(text), begin == std::string::npos ? "" : text.substr(begin, end - begin + 1));
  }
}

}  // namespace
}  // namespace film

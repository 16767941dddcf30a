// Text in other encodings than UTF-8, and lines that end in other ways.
#include "film/base/text_stream.h"

#include <unicode/ucnv.h>

#include "film/base/csv.h"
#include "support.h"

namespace film {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_base::TempFolder;

std::string in_encoding(const char* encoding, const std::string& text) {
  UErrorCode code = U_ZERO_ERROR;
  std::string bytes(4 * text.size() + 16, '\0');
  const auto size = ucnv_convert(encoding, "UTF-8", bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                 text.data(), static_cast<std::int32_t>(text.size()), &code);
  EXPECT_TRUE(U_SUCCESS(code)) << encoding << " " << u_errorName(code);
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

std::string all_of(const fs::path& path) {
  std::string text;
  const auto bytes = open_text(path);
  while (bytes->read(text)) {
  }
  return text;
}

std::vector<std::string> user_lines(const fs::path& path) {
  LineReader reader(path, LineFile::user);
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

TEST(TextStream, ReadsUtf16WithAMark) {
  const TempFolder folder;
  const std::string text = "Grüße\nδοκιμή 夜 🦉\n" + std::string(300'000, 'x') + "é";
  EXPECT_EQ(all_of(folder.put("little", "\xFF\xFE" + in_encoding("UTF-16LE", text))), text);
  EXPECT_EQ(all_of(folder.put("big", "\xFE\xFF" + in_encoding("UTF-16BE", text))), text);
  EXPECT_EQ(all_of(folder.put("plain", text)), text);
  EXPECT_EQ(all_of(folder.put("empty", "")), "");
  using std::string_literals::operator""s;
  EXPECT_EQ(all_of(folder.put("half pair", "\xFE\xFF\xD8\x3E\0a\xDD\x89\0b"s)), "\uFFFDa\uFFFDb");
  EXPECT_EQ(all_of(folder.put("cut", "\xFF\xFE\x61\0\x62"s)), "a\uFFFD");
}

TEST(TextStream, LinesEndAsTheFirstOneDoes) {
  const TempFolder folder;
  EXPECT_THAT(user_lines(folder.put("mac", "a,b\r\"1\n2\",3\r\r4")),
              ElementsAre("a,b", "\"1\n2\",3", "", "4"));
  EXPECT_THAT(user_lines(folder.put("windows", "a\r\nb\rc\r\n")), ElementsAre("a\r", "b\rc\r"));
  EXPECT_THAT(user_lines(folder.put("unix", "a\nb\rc")), ElementsAre("a", "b\rc"));
  EXPECT_THAT(user_lines(folder.put("one", "alone\r")), ElementsAre("alone\r"));
  EXPECT_THAT(user_lines(folder.put("none", "alone")), ElementsAre("alone"));
  EXPECT_THAT(user_lines(folder.put("wide", "\xFF\xFE" + in_encoding("UTF-16LE", "ä\ré\r"))),
              ElementsAre("ä", "é"));
  const std::string block((1 << 18) - 1, 'x');  // "\r\n" over the border of two blocks
  EXPECT_EQ(user_lines(folder.put("border", block + "\r\ny")), (std::vector<std::string>{block + "\r", "y"}));
}

// Bytes of any value but zero.
std::string noise() {
  Random random(1, "noise");
  std::string bytes;
  for (int i = 0; i < 4000; ++i) bytes += static_cast<char>(1 + random.below(255));
  return bytes;
}

TEST(TextStream, GuessesEncodings) {
  const std::vector<std::pair<const char*, std::string>> texts = {
      {"GB18030",
       "船夫每天早上从河的北岸出发，把竹篮送到对面的村子里。他说这条路走了三十年，没有一天不下水。"},
      {"BIG5", "船夫每天早上從河的北岸出發，把竹籃送到對面的村子裡。他說這條路走了三十年，沒有一天不下水。"},
      {"SHIFT_JIS", "渡し守は毎朝、川の北岸から船を出して、竹かごを向こうの村まで運んでいます。"},
      {"EUC-JP", "渡し守は毎朝、川の北岸から船を出して、竹かごを向こうの村まで運んでいます。"},
      {"WINDOWS-1252", "Der Fährmann trägt täglich Körbe über den Fluß — “für die Müller”."},
      {"WINDOWS-1251", "Паромщик каждое утро отправляется с северного берега и везёт корзины в деревню."},
      {"KOI8-R", "Паромщик каждое утро отправляется с северного берега и везёт корзины в деревню."},
      {"TIS-620", "คนพายเรือออกจากฝั่งเหนือทุกเช้าและนำตะกร้าไม้ไผ่ไปยังหมู่บ้าน"}};
  for (const auto& [encoding, text] : texts) EXPECT_EQ(guess_encoding(in_encoding(encoding, text)), encoding);
  const char* korean =
      "뱃사공은 매일 아침 강의 북쪽에서 출발하여 대나무 바구니를 마을로 나르는 일을 한다. 그는 이 길을 삼십 "
      "년 다녔다.";
  EXPECT_EQ(guess_encoding(in_encoding("EUC-KR", korean)), "UHC");  // which holds all of it
  EXPECT_EQ(guess_encoding(in_encoding("UTF-16LE", "Words without a mark, twice.")), "UTF-16LE");
  EXPECT_EQ(guess_encoding(in_encoding("UTF-16BE", "Words without a mark, twice.")), "UTF-16BE");
  EXPECT_EQ(guess_encoding(noise()), "");
}

TEST(TextStream, AdviceIsACommandLine) {
  const TempFolder folder;
  EXPECT_EQ(encoding_advice(folder.put("a.b.txt",
                                       "Der F\xE4hrmann tr\xE4gt \x93K\xF6rbe\x94 \xFC"
                                       "ber den Flu\xDF.")),
            "it looks like WINDOWS-1252: iconv -f WINDOWS-1252 -t UTF-8 a.b.txt > a.b.utf8.txt");
  EXPECT_THAT(encoding_advice(folder.put("x.csv", noise())), HasSubstr("iconv -f ENCODING"));
  EXPECT_EQ(encoding_advice(folder.put("model.bin", std::string("\0\1\xFF\0\2", 5))),
            "it is binary data, not text");
}

}  // namespace
}  // namespace film
